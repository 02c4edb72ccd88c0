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
import { visibleText } from '../text/format.ts';
import { MergeDialog } from './merge-dialog.tsx';
import { useWords } from '../components/words-context.ts';

/** One conflict: who wrote which version when, how they differ, and what should stay. */
export function ConflictDialog(props: {
  readonly conflict: ConflictListing;
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { conflict, picture, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const who = whoOf(picture, t);
  const [keep, setKeep] = useState('both');
  const [texts, setTexts] = useState<readonly Extract<Preview, { kind: 'text' }>[]>();
  const [isMerging, setMerging] = useState(false);
  const { versions, folderId, path } = conflict;
  const { name, directory } = splitPath(path);
  const shownName = visibleText(name);
  const choices = [...versions.map(({ version }) => version), 'both'];

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const choice = event.altKey && !isMerging ? choices[Number(event.key) - 1] : undefined;
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
  const others = versions.slice(1).map(({ device }) => visibleText(deviceNames(picture)(device)));
  return (
    <Sheet
      isOpen
      isFull
      title={t.conflictTitle(versions.length, shownName)}
      onClose={onClose}
      actions={
        <>
          {texts === undefined || versions.length !== 2 ? null : (
            <Button className="button actions-first" onPress={() => setMerging(true)}>
              {t.mergeByHand}
            </Button>
          )}
          <Button className="button" onPress={onClose}>
            {t.decideLater}
          </Button>
          <Button className="button" data-kind="primary" onPress={resolve}>
            {t.resolve}
          </Button>
        </>
      }
    >
      <div className="conflict">
        <p>{t.conflictStory(versions.length)}</p>
        <p className="quiet conflict-where">
          {t.inFolder([folderNames(picture)(folderId), ...directory].map(visibleText).join(' › '))}
        </p>
        <VersionCards conflict={conflict} who={who} />
        <VersionCompare conflict={conflict} who={who} onTexts={setTexts} />
      </div>
      <RadioGroup className="keep" aria-label={t.chooseLabel} value={keep} onChange={setKeep}>
        {choices.map((choice, i) => {
          const version = versions[i];
          const letter = letterOf(i);
          const label =
            version === undefined
              ? versions.length === 2
                ? t.keepBoth
                : t.keepAll
              : t.keepOf(letter, who(version.device));
          const help =
            version === undefined
              ? others.length === 1
                ? t.keepBothHelp(others[0] ?? '')
                : t.keepAllHelp
              : t.keepOfHelp(versions.length - 1);
          return (
            <Radio key={choice} value={choice} className="keep-choice">
              <span className="radio-dot" aria-hidden="true" />
              <span className="keep-text">
                <span className="keep-label">{label}</span>
                <span className="quiet">{help}</span>
              </span>
              <kbd className="quiet">{t.shortcut(i + 1)}</kbd>
            </Radio>
          );
        })}
      </RadioGroup>
      {isMerging && texts !== undefined ? (
        <MergeDialog
          conflict={conflict}
          name={shownName}
          texts={texts}
          onBack={() => setMerging(false)}
          onClose={onClose}
        />
      ) : null}
    </Sheet>
  );
}
