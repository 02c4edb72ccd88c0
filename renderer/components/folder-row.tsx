import { ChevronRight, EllipsisVertical, Folder, ShieldCheck } from 'lucide-react';
import {
  Button,
  Disclosure,
  DisclosurePanel,
  Heading,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
} from 'react-aria-components';
import type { PathProblem, PictureFolder } from '../../app/ipc/contract.ts';
import { safeCopies, summariseFolder } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { FolderProgress } from './folder-progress.tsx';
import { type IconState, StateIcon } from './state-icon.tsx';
import { useWords } from './words-context.ts';

/** What a person can do with a folder. */
export type FolderAction = 'open' | 'history' | 'choose' | 'conflicts' | 'pause' | 'resume' | 'remove';

const iconOf: Readonly<Record<PictureFolder['state'], IconState>> = {
  'up-to-date': 'idle',
  scanning: 'syncing',
  syncing: 'syncing',
  paused: 'paused',
  attention: 'attention',
  error: 'attention',
};

/** One folder: what it is, how it is, who else has it, and what is wrong. */
export function FolderRow(props: {
  readonly folder: PictureFolder;
  readonly progress: number | undefined;
  readonly nameOf: (key: string) => string;
  readonly onAction: (action: FolderAction) => void;
}) {
  const t = useWords();
  const { folder, progress, nameOf, onAction } = props;
  const name = visibleText(folder.name);
  const summary = summariseFolder(folder, (key) => visibleText(nameOf(key)));
  const safe = safeCopies(folder);
  const problemCount = folder.problems.length + folder.moreProblems;
  return (
    <li className="card folder" data-state={folder.state} aria-label={name}>
      <div className="folder-head">
        <Folder className="folder-icon" size={22} aria-hidden="true" />
        <div className="folder-name">
          <h2>
            <bdi>{name}</bdi>
          </h2>
          <p className="path" title={visibleText(folder.path)}>
            <bdi>{visibleText(folder.path)}</bdi>
          </p>
        </div>
        <p className="chip" data-state={iconOf[folder.state]}>
          <StateIcon state={iconOf[folder.state]} size={14} />
          {t.folderState[folder.state]}
        </p>
        <FolderMenu name={name} isPaused={folder.state === 'paused'} onAction={onAction} />
      </div>
      <div className="folder-facts">
        <p className="folder-summary">{t.folderSummary(summary)}</p>
        <p className="quiet">
          {t.folderSize(folder.files, folder.directories, folder.bytes)}
          {safe === undefined ? null : (
            <>
              {' · '}
              <span className="safe" data-alone={safe === 1 || undefined}>
                <ShieldCheck size={13} aria-hidden="true" />
                {safe === 1 ? t.onlyHere : t.safeOn(safe)}
              </span>
            </>
          )}
        </p>
      </div>
      <FolderProgress folder={folder} progress={progress} />
      {folder.holders.length === 0 || folder.state === 'up-to-date' ? null : (
        <ul className="holders" aria-label={t.holdersLabel}>
          {folder.holders.map((holder) => (
            <Holder
              key={holder.key}
              name={visibleText(nameOf(holder.key))}
              holder={holder}
              isBehind={folder.needFiles > 0}
            />
          ))}
        </ul>
      )}
      {folder.conflicts === 0 ? null : (
        <div className="folder-conflicts">
          <p>{t.conflicts(folder.conflicts)}</p>
          <Button
            className="button"
            aria-label={t.resolveConflictsOf(name)}
            onPress={() => onAction('conflicts')}
          >
            {t.resolveConflicts}
          </Button>
        </div>
      )}
      {problemCount === 0 ? null : (
        <Problems problems={folder.problems} more={folder.moreProblems} isOpen={folder.state === 'error'} />
      )}
    </li>
  );
}

/** Another device that has the folder; `isBehind` when it is this device that lacks something. */
function Holder(props: {
  readonly name: string;
  readonly holder: PictureFolder['holders'][number];
  readonly isBehind: boolean;
}) {
  const t = useWords();
  const { name, holder, isBehind } = props;
  const hasAll = holder.inStep || (isBehind && holder.needFiles === 0);
  return (
    <li>
      <StateIcon state={hasAll ? 'idle' : 'syncing'} size={12} />
      <bdi>
        {holder.inStep
          ? holder.part
            ? t.holderPart(name)
            : t.holderInStep(name)
          : holder.differs
            ? t.holderDiffers(name)
            : hasAll
              ? t.holderAhead(name)
              : t.holderBehind(name, holder.needFiles)}
      </bdi>
    </li>
  );
}

function FolderMenu(props: {
  readonly name: string;
  readonly isPaused: boolean;
  readonly onAction: (action: FolderAction) => void;
}) {
  const t = useWords();
  const { name, isPaused, onAction } = props;
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={t.folderActions(name)}>
        <EllipsisVertical size={18} aria-hidden="true" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => onAction(key as FolderAction)}>
          <MenuItem id="open" className="menu-item">
            {t.openFolder}
          </MenuItem>
          <MenuItem id="history" className="menu-item">
            {t.folderHistory}
          </MenuItem>
          <MenuItem id="choose" className="menu-item">
            {t.chooseWhat}
          </MenuItem>
          <MenuItem id={isPaused ? 'resume' : 'pause'} className="menu-item">
            {isPaused ? t.resumeFolder : t.pauseFolder}
          </MenuItem>
          <MenuItem id="remove" className="menu-item" data-kind="danger">
            {t.removeFolder}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Problems(props: {
  readonly problems: readonly PathProblem[];
  readonly more: number;
  readonly isOpen: boolean;
}) {
  const t = useWords();
  const { problems, more, isOpen } = props;
  return (
    <Disclosure className="problems" defaultExpanded={isOpen}>
      <Heading level={3}>
        <Button slot="trigger" className="problems-trigger">
          <ChevronRight className="problems-chevron" size={16} aria-hidden="true" />
          {t.problems(problems.length + more)}
        </Button>
      </Heading>
      <DisclosurePanel>
        <ul className="problem-list">
          {problems.map((problem) => {
            const { path, kind } = problem;
            const { cause, action } = t.explainProblem(problem);
            return (
              <li key={`${kind} ${path}`}>
                <p className="problem-path">
                  <bdi>{path === '' ? t.wholeFolder : visibleText(path)}</bdi>
                </p>
                <p>{cause}</p>
                <p className="quiet">{action}</p>
              </li>
            );
          })}
          {more === 0 ? null : <li className="quiet">{t.moreProblems(more)}</li>}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
