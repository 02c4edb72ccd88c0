import {
  ArrowDownUp,
  CircleCheck,
  FilePen,
  FileStack,
  FileX,
  RotateCcw,
  ShieldCheck,
  Undo2,
} from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ActivityItem, Picture, PictureFolder, Target } from '../../app/ipc/contract.ts';
import { Choice } from '../components/choice.tsx';
import { Empty } from '../components/empty.tsx';
import { useEngine, useView } from '../components/engine-context.ts';
import { FolderProgress } from '../components/folder-progress.tsx';
import { PagedList } from '../components/paged-list.tsx';
import { ToFolders } from '../components/to-folders.tsx';
import { useNow } from '../components/use-now.ts';
import { usePages } from '../components/use-pages.ts';
import { useSlowed } from '../components/use-slowed.ts';
import { useUndo } from '../components/use-undo.ts';
import { whoOf } from '../components/who-of.ts';
import { folderNames, folderProgress, splitPath } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import type { Words } from '../text/words.ts';
import { useWords } from '../components/words-context.ts';

const rowHeight = 54;
const all = 'all';

/** What moves now, and what has happened, with ways to take it back. */
export function ActivityView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const engine = useEngine();
  const { mostNeeded } = useView();
  const undo = useUndo();
  const [folder, setFolder] = useState(all);
  const revision = useSlowed(`${picture.recent[0]?.id ?? ''} ${picture.recent[0]?.undoable}`);
  const pages = usePages<ActivityItem>(`${folder} ${revision}`, (last, limit, signal) =>
    engine.ask(
      'activity',
      {
        limit,
        ...(folder === all ? {} : { folder }),
        ...(last === undefined ? {} : { after: last.id }),
      },
      signal,
    ),
  );
  const goTo = (screen: 'conflicts' | 'history', target: Target): void =>
    engine.store.happened({ kind: 'go-to', screen, target });
  const options = [
    { id: all, name: t.allFolders },
    ...picture.folders.map(({ id, name }) => ({ id, name: visibleText(name) })),
  ];
  return (
    <div className="screen-fill">
      <div className="screen-head">
        <h1>{t.screens.activity}</h1>
        {picture.folders.length < 2 ? null : (
          <Choice label={t.activityFolder} options={options} value={folder} onChange={setFolder} />
        )}
      </div>
      <Moving picture={picture} mostNeeded={mostNeeded} />
      <h2 className="section-title">{t.recentTitle}</h2>
      {pages.error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(pages.error)}
        </p>
      ) : pages.isKnown && pages.rows.length === 0 ? (
        <Empty
          icon={<ArrowDownUp size={40} strokeWidth={1.4} />}
          title={t.noActivityTitle}
          body={picture.folders.length === 0 ? t.noActivityAlone : t.noActivityBody}
        >
          {picture.folders.length === 0 ? <ToFolders /> : undefined}
        </Empty>
      ) : (
        <PagedList
          label={t.recentTitle}
          rows={pages.rows}
          keyOf={({ id }) => id}
          nameOf={({ path }) => visibleText(splitPath(path).name)}
          rowHeight={rowHeight}
          {...(pages.isWhole ? {} : { onMore: pages.loadMore })}
        >
          {(item, isCurrent) => (
            <HappenedRow
              isCurrent={isCurrent}
              item={item}
              picture={picture}
              onUndo={() => undo([item.id])}
              onGo={goTo}
            />
          )}
        </PagedList>
      )}
    </div>
  );
}

const icons: Readonly<Record<ActivityItem['kind'], typeof FilePen>> = {
  written: FilePen,
  deleted: FileX,
  conflict: FileStack,
  resolved: CircleCheck,
  kept: ShieldCheck,
  restored: RotateCcw,
  undone: Undo2,
  allowed: CircleCheck,
  'set-aside': Undo2,
};

function HappenedRow(props: {
  readonly item: ActivityItem;
  readonly picture: Picture;
  readonly isCurrent: boolean;
  readonly onUndo: () => void;
  readonly onGo: (screen: 'conflicts' | 'history', target: Target) => void;
}) {
  const t = useWords();
  const { item, picture, isCurrent, onUndo, onGo } = props;
  const now = useNow();
  const { folderId, path } = item;
  const { name, directory } = splitPath(path);
  const shown = path === '' ? t.wholeFolder : visibleText(name);
  const where = [folderNames(picture)(folderId), ...directory].map(visibleText).join(' › ');
  const isOpen =
    item.kind === 'conflict' && picture.folders.some(({ id, conflicts }) => id === folderId && conflicts > 0);
  const Icon = icons[item.kind];
  return (
    <>
      <Icon className="row-icon" data-tone={isOpen ? 'warn' : undefined} size={18} aria-hidden="true" />
      <div className="row-body">
        <p className="row-title">
          <bdi>{shown}</bdi>
          <span className="quiet row-where">
            <bdi>{where}</bdi>
          </span>
        </p>
        <p className="quiet row-line">
          {t.happened(item, whoOf(picture, t)(item.device))} · {t.format.moment(item.at, now)}
        </p>
      </div>
      <div className="row-actions">
        {isOpen ? (
          <Button
            className="button"
            excludeFromTabOrder={!isCurrent}
            aria-label={t.showConflict(shown)}
            onPress={() => onGo('conflicts', { folderId, path })}
          >
            {t.resolveShort}
          </Button>
        ) : path === '' ? null : (
          <Button
            className="button"
            excludeFromTabOrder={!isCurrent}
            data-kind="quiet"
            aria-label={t.showHistory(shown)}
            onPress={() => onGo('history', { folderId, path })}
          >
            {t.versionsShort}
          </Button>
        )}
        {item.undoable ? (
          <Button
            className="button"
            excludeFromTabOrder={!isCurrent}
            aria-label={t.undoItem(shown)}
            onPress={onUndo}
          >
            {t.undo}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** What is on its way now, folder by folder, and from whom to whom. */
function Moving(props: { readonly picture: Picture; readonly mostNeeded: Readonly<Record<string, number>> }) {
  const t = useWords();
  const { picture, mostNeeded } = props;
  const who = whoOf(picture, t);
  const busy = picture.folders.filter(({ state }) => state === 'syncing' || state === 'scanning');
  const rates = picture.status.peers.flatMap(({ name, sendBps, receiveBps }) => [
    ...(receiveBps > 0 ? [t.movingFrom(visibleText(name), receiveBps)] : []),
    ...(sendBps > 0 ? [t.movingTo(visibleText(name), sendBps)] : []),
  ]);
  return (
    <section aria-labelledby="moving-title">
      <h2 id="moving-title" className="section-title">
        {t.movingTitle}
      </h2>
      {busy.length === 0 ? (
        <ul className="card moving-list">
          <li className="moving">
            <p>{t.movingNothing}</p>
          </li>
          {picture.folders.map((folder) => {
            const same = folder.holders.filter(({ inStep }) => inStep).map(({ key }) => who(key));
            return same.length === 0 ? null : (
              <li key={folder.id} className="moving quiet">
                <bdi>{visibleText(folder.name)}</bdi> · {t.sameOn(same)}
              </li>
            );
          })}
        </ul>
      ) : (
        <ul className="card moving-list">
          {busy.map((folder) => (
            <li key={folder.id} className="moving">
              <p className="row-title">
                <bdi>{visibleText(folder.name)}</bdi>
                <span className="quiet row-where">{sayMoving(folder, who, t).join(' · ')}</span>
              </p>
              <FolderProgress folder={folder} progress={folderProgress(folder, mostNeeded)} />
            </li>
          ))}
          {rates.length === 0 ? null : <li className="moving quiet">{rates.join('  ·  ')}</li>}
        </ul>
      )}
    </section>
  );
}

function sayMoving(folder: PictureFolder, who: (key: string) => string, t: Words): readonly string[] {
  const { state, needFiles, needBytes, pendingLocal, etaS, holders } = folder;
  return [
    ...(state === 'scanning' ? [t.folderState.scanning] : []),
    ...(needFiles > 0 ? [t.movingReceive(needFiles, needBytes, etaS)] : []),
    ...(pendingLocal > 0 ? [t.movingSend(pendingLocal)] : []),
    ...holders.flatMap((holder) =>
      holder.needFiles > 0 ? [t.movingBehind(who(holder.key), holder.needFiles)] : [],
    ),
  ];
}
