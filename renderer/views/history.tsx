import { ChevronRight, FileText, Folder, FolderClock, Link2, RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Breadcrumb, Breadcrumbs, Button, Link } from 'react-aria-components';
import type { DirectoryItem, Picture, PictureFolder, Target } from '../../app/ipc/contract.ts';
import { Choice } from '../components/choice.tsx';
import { Empty } from '../components/empty.tsx';
import { useAttempt, useEngine, useView } from '../components/engine-context.ts';
import { MomentChoice } from '../components/moment-choice.tsx';
import { PagedList } from '../components/paged-list.tsx';
import { ToFolders } from '../components/to-folders.tsx';
import { useNow } from '../components/use-now.ts';
import { usePages } from '../components/use-pages.ts';
import { useSlowed } from '../components/use-slowed.ts';
import { whoOf } from '../components/who-of.ts';
import type { Moment } from '../state/moment.ts';
import { lastAt, placeOf, splitPath } from '../state/select.ts';
import { sortItems } from '../state/sort-items.ts';
import { visibleText } from '../text/format.ts';
import { RestoreDialog, type RestoreJob } from './restore-dialog.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import { useWords } from '../components/words-context.ts';

/** Room for a name and two lines of facts. */
const rowHeight = 68;

/** What folders hold and held, by place and by time, and the ways to have it back. */
export function HistoryView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const { target } = useView();
  const { folders } = picture;
  // A folder chosen by hand counts until the screen is asked to show something else.
  const [choice, setChoice] = useState<{ readonly folderId: string; readonly target: Target | undefined }>();
  const chosenId = choice?.target === target ? choice?.folderId : undefined;
  const folderId = chosenId ?? target?.folderId;
  const folder = folders.find(({ id }) => id === folderId) ?? folders[0];
  if (folder === undefined)
    return (
      <>
        <div className="screen-head">
          <h1>{t.screens.history}</h1>
        </div>
        <Empty
          icon={<FolderClock size={40} strokeWidth={1.4} />}
          title={t.noHistoryTitle}
          body={t.noHistoryBody}
        >
          <ToFolders />
        </Empty>
      </>
    );
  const isTargeted = target?.folderId === folder.id && target.path !== '';
  const chosenPath = isTargeted ? target.path : undefined;
  return (
    <FolderHistory
      key={`${folder.id} ${chosenPath ?? ''}`}
      folder={folder}
      picture={picture}
      firstPath={chosenPath}
      choose={(id) => setChoice({ folderId: id, target })}
    />
  );
}

function FolderHistory(props: {
  readonly folder: PictureFolder;
  readonly picture: Picture;
  readonly firstPath: string | undefined;
  readonly choose: (folderId: string) => void;
}) {
  const t = useWords();
  const { folder, picture, firstPath, choose } = props;
  const [directory, setDirectory] = useState<readonly string[]>(
    firstPath === undefined ? [] : splitPath(firstPath).directory,
  );
  const [chosen, setChosen] = useState(firstPath);
  const [moment, setMoment] = useState<Moment>({ kind: 'now' });
  const at = moment.kind === 'now' ? undefined : moment.iso;
  /** By a row of the list, which is gone then. */
  const [isEntered, setEntered] = useState(false);
  const goTo = (names: readonly string[], by: 'row' | 'crumb'): void => {
    setDirectory(names);
    setChosen(undefined);
    setEntered(by === 'row');
  };
  const goToMoment = (to: Moment): void => {
    setMoment(to);
    setEntered(false);
  };
  return (
    <div className="screen-fill" data-wide>
      <div className="screen-head">
        <h1>{t.screens.history}</h1>
        <div className="history-tools">
          {picture.folders.length < 2 ? null : (
            <Choice
              label={t.historyFolder}
              options={picture.folders.map(({ id, name }) => ({ id, name: visibleText(name) }))}
              value={folder.id}
              onChange={choose}
            />
          )}
          <MomentChoice label={t.when} openName={t.now} moment={moment} onChange={goToMoment} />
        </div>
      </div>
      <Breadcrumbs className="crumbs" aria-label={t.placeLabel}>
        {[folder.name, ...directory].map((name, i) => (
          // A place in the path is what it is by its depth.
          <Breadcrumb key={i} className="crumb">
            <Link className="crumb-link" onPress={() => goTo(directory.slice(0, i), 'crumb')}>
              <bdi>{visibleText(name)}</bdi>
            </Link>
            {i === directory.length ? null : <ChevronRight size={14} aria-hidden="true" />}
          </Breadcrumb>
        ))}
      </Breadcrumbs>
      <div className="history">
        <DirectoryPane
          key={`${directory.join('/')} ${at ?? ''}`}
          folder={folder}
          directory={directory}
          at={at}
          picture={picture}
          chosen={chosen}
          isEntered={isEntered}
          onEnter={(name) => goTo([...directory, name], 'row')}
          onChoose={setChosen}
        />
        {chosen === undefined ? (
          <p className="panel panel-empty quiet">{at === undefined ? t.chooseFile : t.chooseFileThen}</p>
        ) : (
          <VersionsPanel key={chosen} folderId={folder.id} path={chosen} picture={picture} />
        )}
      </div>
    </div>
  );
}

function DirectoryPane(props: {
  readonly folder: PictureFolder;
  readonly directory: readonly string[];
  readonly at: string | undefined;
  readonly picture: Picture;
  readonly chosen: string | undefined;
  readonly isEntered: boolean;
  readonly onEnter: (name: string) => void;
  readonly onChoose: (path: string) => void;
}) {
  const t = useWords();
  const { folder, directory, at, picture, chosen, isEntered, onEnter, onChoose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const now = useNow();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [restoring, setRestoring] = useState<{
    readonly jobs: readonly RestoreJob[];
    readonly what: string;
  }>();
  const pathOf = (name: string): string => [...directory, name].join('/');
  const here = placeOf(folder.id, directory.join('/'));
  const revision = useSlowed(lastAt(picture, folder.id, directory.join('/')));
  const pages = usePages<DirectoryItem>(revision, (last, limit, signal) =>
    engine.ask(
      'browse',
      {
        path: here,
        limit,
        ...(at === undefined ? {} : { at }),
        ...(last === undefined ? {} : { after: last.name }),
      },
      signal,
    ),
  );
  const { rows, error, isKnown, isShort } = pages;
  // A longer list stays in the order in which its pages come: rows must not move under a hand.
  const items = useMemo(() => (isShort ? sortItems(rows) : rows), [isShort, rows]);
  const isOffered = (item: DirectoryItem): boolean =>
    at === undefined ? item.state === 'gone' && item.kind !== 'directory' : item.state !== 'there';
  const offered =
    selected.size === 0 ? [] : items.filter((item) => selected.has(item.name) && isOffered(item));

  const restoreSelected = (): void =>
    attempt(async () => {
      if (at !== undefined) {
        const jobs = offered.map(({ name }) => ({ path: placeOf(folder.id, pathOf(name)), at }));
        setRestoring({ jobs, what: t.restoreCount(jobs.length, at, now) });
        return;
      }
      const jobs: RestoreJob[] = [];
      for (const { name } of offered) {
        const path = placeOf(folder.id, pathOf(name));
        const [last] = await engine.ask('history', { path });
        if (last !== undefined) jobs.push({ path, version: last.version });
      }
      setRestoring({ jobs, what: t.restoreLast(jobs.length) });
    });

  if (error !== undefined)
    return (
      <p role="alert" className="error directory">
        {error.facts.what === 'moment'
          ? t.momentTooEarly(String(error.facts.since), now)
          : t.explainError(error)}
      </p>
    );
  return (
    <div className="directory">
      {isKnown && items.length === 0 ? (
        <Empty
          icon={<FolderClock size={36} strokeWidth={1.4} />}
          title={t.emptyDirectoryTitle}
          body={at === undefined ? t.emptyDirectoryNow : t.emptyDirectoryThen}
        />
      ) : (
        <PagedList
          label={at === undefined ? t.filesLabel : t.filesLabelThen(at, now)}
          rows={items}
          keyOf={({ name }) => name}
          nameOf={({ name }) => visibleText(name)}
          rowHeight={rowHeight}
          takesFocus={isEntered}
          onOpen={({ name, kind }) => (kind === 'directory' ? onEnter(name) : onChoose(pathOf(name)))}
          selection={{
            keys: selected,
            labelOf: t.selectItem,
            onChange: setSelected,
          }}
          {...(pages.isWhole ? {} : { onMore: pages.loadMore })}
        >
          {(item) => <ItemRow item={item} picture={picture} isChosen={pathOf(item.name) === chosen} />}
        </PagedList>
      )}
      <div className="directory-actions">
        <Button className="button" isDisabled={offered.length === 0} onPress={restoreSelected}>
          <RotateCcw size={15} aria-hidden="true" />
          {t.restoreSelected(offered.length)}
        </Button>
        {at === undefined ? null : (
          <Button
            className="button"
            onPress={() =>
              setRestoring({
                jobs: [{ path: here, at }],
                what: t.restoreWhat(visibleText(directory.at(-1) ?? folder.name), at, now),
              })
            }
          >
            {t.restoreAll}
          </Button>
        )}
      </div>
      {restoring === undefined ? null : (
        <RestoreDialog
          {...restoring}
          onClose={() => {
            setRestoring(undefined);
            setSelected(new Set());
          }}
        />
      )}
    </div>
  );
}

function ItemRow(props: {
  readonly item: DirectoryItem;
  readonly picture: Picture;
  readonly isChosen: boolean;
}) {
  const t = useWords();
  const { item, picture, isChosen } = props;
  const now = useNow();
  const who = whoOf(picture, t)(item.device);
  const Icon = { directory: Folder, file: FileText, symlink: Link2 }[item.kind];
  const facts = [
    item.kind === 'file' ? t.format.size(item.size) : item.kind === 'symlink' ? t.link : t.directory,
    ...(item.changedAt === null
      ? []
      : [item.state === 'gone' ? t.goneAt(item.changedAt, now, who) : t.writtenAt(item.changedAt, now, who)]),
    ...(item.changedAt === null && item.state !== 'there' ? [t.itemState(item)] : []),
  ];
  return (
    <>
      <Icon
        className="row-icon"
        data-tone={item.kind === 'directory' ? 'accent' : undefined}
        size={18}
        aria-hidden="true"
      />
      <div className="row-body" data-state={item.state} data-chosen={isChosen || undefined}>
        <p className="row-title">
          <bdi>{visibleText(item.name)}</bdi>
        </p>
        <p className="quiet row-facts">{facts.join(' · ')}</p>
      </div>
      {item.kind === 'directory' ? <ChevronRight className="row-icon" size={16} aria-hidden="true" /> : null}
    </>
  );
}
