import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { DeviceChange, DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { MomentChoice } from '../components/moment-choice.tsx';
import { PagedList } from '../components/paged-list.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useAnswer } from '../components/use-answer.ts';
import { useNow } from '../components/use-now.ts';
import { isoAgo, type Moment } from '../state/moment.ts';
import { folderNames, placeOf } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

const rowHeight = 48;
const placeOfChange = ({ folderId, path }: DeviceChange): string => placeOf(folderId, path);

/** What a device changed since a moment, to be put back: all of it or what is marked. */
export function ChangesDialog(props: {
  readonly device: DeviceListing;
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { device, picture, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const now = useNow();
  const [moment, setMoment] = useState<Moment>(() => ({ kind: 'week', iso: isoAgo('week') }));
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const since = moment.kind === 'now' ? isoAgo('week') : moment.iso;
  const { value: changes, error } = useAnswer(since, () =>
    engine.ask('deviceChanges', { device: device.key, since }),
  );
  const nameOfFolder = folderNames(picture);

  const putBack = (paths: readonly string[] | undefined): void => {
    onClose();
    attempt(async () => {
      const some = paths === undefined ? {} : { paths };
      const { undone, missing, undoIds } = await engine.ask('deviceChangesUndo', {
        device: device.key,
        since,
        ...some,
      });
      engine.store.happened({
        kind: 'done',
        done: { what: 'restored', count: undone, missing: missing.length, undo: undoIds },
      });
    });
  };
  return (
    <Sheet
      isOpen
      isFull
      title={t.changesTitle(visibleText(device.name))}
      onClose={onClose}
      actions={
        <>
          <Button className="button" onPress={onClose}>
            {t.cancel}
          </Button>
          <Button
            className="button"
            isDisabled={changes === undefined || changes.length === 0}
            onPress={() => putBack(undefined)}
          >
            {t.putBackAll(changes?.length ?? 0)}
          </Button>
          <Button
            className="button"
            data-kind="primary"
            isDisabled={marked.size === 0}
            onPress={() => putBack([...marked])}
          >
            {t.putBack(marked.size)}
          </Button>
        </>
      }
    >
      <div className="changes-head">
        <p className="quiet">{t.changesBody}</p>
        <MomentChoice
          label={t.changesSince}
          moment={moment}
          onChange={(next) => {
            setMarked(new Set());
            setMoment(next);
          }}
        />
      </div>
      {error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      ) : changes !== undefined && changes.length === 0 ? (
        <output>{t.changesNone}</output>
      ) : (
        <PagedList
          label={t.changesLabel}
          rows={changes ?? []}
          keyOf={placeOfChange}
          nameOf={({ path }) => visibleText(path)}
          rowHeight={rowHeight}
          selection={{ keys: marked, labelOf: t.changeSelect, onChange: setMarked }}
        >
          {({ path, folderId, kind, changedAt, previousVersion }) => (
            <div className="row-body">
              <p className="row-title">
                <bdi>{visibleText(path)}</bdi>
                <span className="quiet row-where">
                  <bdi>{visibleText(nameOfFolder(folderId))}</bdi>
                </span>
              </p>
              <p className="quiet row-line">
                {t.changeLine(kind, previousVersion === null)} {t.format.moment(changedAt, now)}
              </p>
            </div>
          )}
        </PagedList>
      )}
    </Sheet>
  );
}
