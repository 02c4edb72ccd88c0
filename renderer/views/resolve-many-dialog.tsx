import { useState } from 'react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import type { ConflictListing, Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { PagedList } from '../components/paged-list.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useNow } from '../components/use-now.ts';
import { whoOf } from '../components/who-of.ts';
import { devicesIn, type ManyChoice, outcomeOf } from '../state/conflict-choice.ts';
import { folderNames } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

const rowHeight = 50;
/** LIMIT: devices that are offered by name. */
const maxDevices = 6;

/** One choice for many conflicts, with a list of what it would do before anything is done. */
export function ResolveManyDialog(props: {
  readonly conflicts: readonly ConflictListing[];
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { conflicts, picture, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const now = useNow();
  const who = whoOf(picture, t);
  const [chosen, setChosen] = useState('both');
  const [doneCount, setDoneCount] = useState<number>();
  const devices = devicesIn(conflicts).slice(0, maxDevices);
  const choice = choiceOf(chosen);
  const affected = conflicts.filter((conflict) => outcomeOf(conflict, choice).kind !== 'left');

  const resolve = (): void =>
    attempt(async () => {
      const undo: string[] = [];
      setDoneCount(0);
      try {
        for (const conflict of affected) {
          const outcome = outcomeOf(conflict, choice);
          const keep = outcome.kind === 'keep' ? { keep: outcome.version.version } : {};
          const { undoId } = await engine.ask('conflictResolve', { id: conflict.id, ...keep });
          undo.unshift(undoId);
          setDoneCount(undo.length);
        }
      } finally {
        onClose();
        if (undo.length > 0)
          engine.store.happened({
            kind: 'done',
            done: { what: 'resolved', count: undo.length, added: [], undo },
          });
      }
    });

  const say = (conflict: ConflictListing): string => {
    const outcome = outcomeOf(conflict, choice);
    switch (outcome.kind) {
      case 'keep':
        return t.batchStays(who(outcome.version.device), outcome.version.changedAt, now);
      case 'both':
        return t.batchAllStay(conflict.versions.length);
      case 'left':
        return t.batchLeftOpen;
    }
  };
  const options = [
    { id: 'both', name: t.batchBoth },
    { id: 'newest', name: t.batchNewest },
    { id: 'shown', name: t.batchShown },
    ...devices.map((device) => ({ id: `device ${device}`, name: t.batchDevice(who(device)) })),
  ];
  return (
    <Sheet
      isOpen
      isFull
      isFirm={doneCount !== undefined}
      title={t.batchTitle(conflicts.length)}
      onClose={onClose}
      actions={
        <>
          {doneCount === undefined ? null : (
            <output className="quiet actions-first">{t.batchProgress(doneCount, affected.length)}</output>
          )}
          <Button className="button" isDisabled={doneCount !== undefined} onPress={onClose}>
            {t.cancel}
          </Button>
          <Button
            className="button"
            data-kind="primary"
            isDisabled={affected.length === 0 || doneCount !== undefined}
            onPress={resolve}
          >
            {t.batchResolve(affected.length)}
          </Button>
        </>
      }
    >
      <div className="batch">
        <RadioGroup className="batch-choice" value={chosen} onChange={setChosen}>
          <Label className="section-title">{t.batchChoice}</Label>
          {options.map(({ id, name }) => (
            <Radio key={id} value={id} className="radio">
              <span className="radio-dot" aria-hidden="true" />
              <bdi>{name}</bdi>
            </Radio>
          ))}
        </RadioGroup>
        <div className="batch-preview">
          <h3 className="section-title">{t.batchPreview}</h3>
          <PagedList
            label={t.batchPreview}
            rows={conflicts.map((conflict) => ({ conflict, line: say(conflict) }))}
            keyOf={({ conflict }) => conflict.id}
            nameOf={({ conflict }) => visibleText(conflict.path)}
            rowHeight={rowHeight}
          >
            {({ conflict, line }) => (
              <div className="row-body">
                <p className="row-title">
                  <bdi>{visibleText(conflict.path)}</bdi>
                  <span className="quiet row-where">
                    <bdi>{visibleText(folderNames(picture)(conflict.folderId))}</bdi>
                  </span>
                </p>
                <p className="quiet row-line">{line}</p>
              </div>
            )}
          </PagedList>
        </div>
      </div>
    </Sheet>
  );
}

function choiceOf(chosen: string): ManyChoice {
  switch (chosen) {
    case 'both':
    case 'newest':
    case 'shown':
      return { kind: chosen };
    default:
      return { kind: 'device', device: chosen.slice('device '.length) };
  }
}
