import { useEffect, useState } from 'react';
import { Button, Radio, RadioGroup } from 'react-aria-components';
import type { ConflictListing, Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { VersionCards } from '../components/version-cards.tsx';
import { VersionCompare } from '../components/version-compare.tsx';
import { whoOf } from '../components/who-of.ts';
import { letterOf } from '../state/letters.ts';
import type { Preview } from '../state/preview.ts';
import { deviceNames, folderNames, splitPath } from '../state/select.ts';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';
import { MergeDialog } from './merge-dialog.tsx';

/** One conflict: who wrote which version when, how they differ, and what should stay. */
export function ConflictDialog(props: {
  readonly conflict: ConflictListing;
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const { conflict, picture, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const who = whoOf(picture);
  const [keep, setKeep] = useState('both');
  const [texts, setTexts] = useState<readonly Extract<Preview, { kind: 'text' }>[]>();
  const [isMerging, setMerging] = useState(false);
  const { versions, folderId, path } = conflict;
  const { name, directory } = splitPath(path);
  const shownName = visibleText(name);
  const choices = [...versions.map(({ version }) => version), 'both'];

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const choice = event.altKey ? choices[Number(event.key) - 1] : undefined;
      if (choice === undefined) return;
      event.preventDefault();
      setKeep(choice);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });

  const resolve = (): void => {
    onClose();
    attempt(async () => {
      const done = await engine.ask('conflictResolve', {
        id: conflict.id,
        ...(keep === 'both' ? {} : { keep }),
      });
      const added = done.added.map((each) => visibleText(splitPath(each).name));
      engine.store.happened({
        kind: 'done',
        done: { what: 'resolved', count: 1, added, undo: [done.undoId] },
      });
    });
  };
  if (isMerging && texts !== undefined)
    return (
      <MergeDialog
        conflict={conflict}
        name={shownName}
        texts={texts}
        onBack={() => setMerging(false)}
        onClose={onClose}
      />
    );
  const others = versions.slice(1).map(({ device }) => visibleText(deviceNames(picture)(device)));
  return (
    <Sheet
      isOpen
      isFull
      title={en.conflictTitle(versions.length, shownName)}
      onClose={onClose}
      actions={
        <>
          {texts === undefined || texts.length !== 2 ? null : (
            <Button className="button actions-first" onPress={() => setMerging(true)}>
              {en.mergeByHand}
            </Button>
          )}
          <Button className="button" onPress={onClose}>
            {en.decideLater}
          </Button>
          <Button className="button" data-kind="primary" onPress={resolve}>
            {en.resolve}
          </Button>
        </>
      }
    >
      <div className="conflict">
        <p>{en.conflictStory(versions.length)}</p>
        <p className="quiet conflict-where">
          {en.folderLabel}:{' '}
          <bdi>{[folderNames(picture)(folderId), ...directory].map(visibleText).join(' › ')}</bdi>
        </p>
        <VersionCards conflict={conflict} who={who} />
        <VersionCompare conflict={conflict} who={who} onTexts={setTexts} />
      </div>
      <RadioGroup className="keep" aria-label={en.chooseLabel} value={keep} onChange={setKeep}>
        {choices.map((choice, i) => {
          const version = versions[i];
          const letter = letterOf(i);
          const label =
            version === undefined
              ? versions.length === 2
                ? en.keepBoth
                : en.keepAll
              : en.keepOf(letter, who(version.device));
          const help =
            version === undefined
              ? others.length === 1
                ? en.keepBothHelp(others[0] ?? '')
                : en.keepAllHelp
              : en.keepOfHelp;
          return (
            <Radio key={choice} value={choice} className="keep-choice">
              <span className="radio-dot" aria-hidden="true" />
              <span className="keep-text">
                <span className="keep-label">{label}</span>
                <span className="quiet">{help}</span>
              </span>
              <kbd className="quiet">{en.shortcut(i + 1)}</kbd>
            </Radio>
          );
        })}
      </RadioGroup>
    </Sheet>
  );
}
