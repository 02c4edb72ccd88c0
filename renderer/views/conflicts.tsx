import { CheckCheck, ChevronRight, CircleCheckBig, EllipsisVertical, FileStack } from 'lucide-react';
import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { ConflictListing, Picture, Target } from '../../app/ipc/contract.ts';
import { Empty } from '../components/empty.tsx';
import { useEngine, useView } from '../components/engine-context.ts';
import { PagedList } from '../components/paged-list.tsx';
import { useAnswer } from '../components/use-answer.ts';
import { useNow } from '../components/use-now.ts';
import { useSlowed } from '../components/use-slowed.ts';
import { useUndo } from '../components/use-undo.ts';
import { whoOf } from '../components/who-of.ts';
import { conflictsIn, folderNames, splitPath } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { ResolveManyDialog } from './resolve-many-dialog.tsx';
import { useWords } from '../components/words-context.ts';

const rowHeight = 62;

/** The open conflicts, and the ways to settle one or many. */
export function ConflictsView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const engine = useEngine();
  const { target } = useView();
  const undo = useUndo();
  const open = conflictsIn(picture);
  const revision = useSlowed(`${open} ${picture.recent[0]?.id ?? ''}`);
  const { value: conflicts, error } = useAnswer(revision, () => engine.ask('conflictList', {}));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ConflictListing>();
  const [seenTarget, setSeenTarget] = useState<Target>();
  const [many, setMany] = useState<readonly ConflictListing[]>();

  const wanted =
    target === seenTarget
      ? undefined
      : conflicts?.find(({ folderId, path }) => folderId === target?.folderId && path === target.path);
  const shown = opened ?? wanted;
  const chosen = (conflicts ?? []).filter(({ id }) => selected.has(id));
  return (
    <div className="screen-fill">
      <div className="screen-head">
        <h1>{t.screens.conflicts}</h1>
        <div className="screen-actions">
          {conflicts === undefined || conflicts.length < 2 ? null : (
            <Button className="button" onPress={() => setMany(chosen.length > 0 ? chosen : conflicts)}>
              <CheckCheck size={16} aria-hidden="true" />
              {chosen.length > 0 ? t.resolveSelected(chosen.length) : t.resolveAll(conflicts.length)}
            </Button>
          )}
          <MenuTrigger>
            <Button className="icon-button" aria-label={t.conflictActions}>
              <EllipsisVertical size={18} aria-hidden="true" />
            </Button>
            <Popover className="popover" placement="bottom end">
              <Menu className="menu" onAction={() => undo([])}>
                <MenuItem id="undo" className="menu-item">
                  {t.undoLast}
                </MenuItem>
              </Menu>
            </Popover>
          </MenuTrigger>
        </div>
      </div>
      {error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      ) : conflicts === undefined ? null : conflicts.length === 0 ? (
        <Empty
          icon={<CircleCheckBig size={40} strokeWidth={1.4} />}
          title={t.noConflictsTitle}
          body={t.noConflictsBody}
        />
      ) : (
        <>
          <p className="screen-intro">{t.conflictsIntro(conflicts.length)}</p>
          <PagedList
            label={t.conflictsLabel}
            rows={conflicts}
            keyOf={({ id }) => id}
            nameOf={({ path }) => visibleText(splitPath(path).name)}
            rowHeight={rowHeight}
            onOpen={setOpened}
            selection={{ keys: selected, labelOf: t.selectConflict, onChange: setSelected }}
          >
            {(conflict) => <ConflictRow conflict={conflict} picture={picture} />}
          </PagedList>
        </>
      )}
      {shown === undefined ? null : (
        <ConflictDialog
          key={shown.id}
          conflict={shown}
          picture={picture}
          onClose={() => {
            setOpened(undefined);
            setSeenTarget(target);
          }}
        />
      )}
      {many === undefined ? null : (
        <ResolveManyDialog
          conflicts={many}
          picture={picture}
          onClose={() => {
            setMany(undefined);
            setSelected(new Set());
          }}
        />
      )}
    </div>
  );
}

function ConflictRow({
  conflict,
  picture,
}: {
  readonly conflict: ConflictListing;
  readonly picture: Picture;
}) {
  const t = useWords();
  const now = useNow();
  const who = whoOf(picture, t);
  const { name, directory } = splitPath(conflict.path);
  const where = [folderNames(picture)(conflict.folderId), ...directory].map(visibleText).join(' › ');
  return (
    <>
      <FileStack className="row-icon" data-tone="warn" size={20} aria-hidden="true" />
      <div className="row-body">
        <p className="row-title">
          <bdi>{visibleText(name)}</bdi>
          <span className="quiet row-where">
            <bdi>{where}</bdi>
          </span>
        </p>
        <p className="quiet row-line">
          {conflict.versions
            .filter(({ device }) => device !== '')
            .map(({ device, changedAt }) => t.changedOn(who(device), changedAt, now))
            .join('  ·  ')}
        </p>
      </div>
      <ChevronRight className="row-icon" size={18} aria-hidden="true" />
    </>
  );
}
