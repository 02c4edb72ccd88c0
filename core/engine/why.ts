import type { FolderIndex } from '../file-index/file-index.ts';
import type { BaseStatus } from '../model/base-row.ts';
import { contentOf, isLiving } from '../model/entry.ts';
import type { DeviceKey } from '../model/ids.ts';
import { isBelow, type RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { PathExplanation } from './api.ts';
import type { AttachedFolder } from './folders.ts';
import type { Place } from './places.ts';
import type { PeerLink } from './peer-links.ts';
import { type Explanation, explainPhase, explainProblem } from './sentences.ts';
import { isInStepWith } from './status.ts';
import { viewAt } from './view-at.ts';

type Found = Omit<PathExplanation, 'path' | 'device'> & { readonly device?: string };

const nothingToDo = 'Nothing.';

/** Why a path, or the whole folder, is not in step here, or that it is: the first cause that applies. */
export function explainPath(
  { folder, path }: Place,
  links: readonly PeerLink[],
  nameOfDevice: (key: DeviceKey) => string,
): PathExplanation {
  const found =
    folderReason(folder) ??
    (path === undefined ? undefined : pathReason(folder, path, nameOfDevice)) ??
    peersReason(folder, links);
  return { path: path ?? '', device: null, ...found };
}

function folderReason({ session }: AttachedFolder): Found | undefined {
  if (session === undefined)
    return { state: 'paused', reason: 'paused', cause: 'The folder is paused.', action: 'Resume it.' };
  const phase = session.phase();
  const explained = explainPhase(phase);
  if (explained !== undefined) {
    const { kind, ...explanation } = explained;
    return { state: 'problem', reason: kind, ...explanation };
  }
  if (phase.kind === 'running') return undefined;
  return {
    state: 'looking',
    reason: 'looking',
    cause: 'The folder is being looked through.',
    action: nothingToDo,
  };
}

function pathReason(
  { index, session }: AttachedFolder,
  path: RelativePath,
  nameOfDevice: (key: DeviceKey) => string,
): Found | undefined {
  const problem = problemAt(session?.problems() ?? [], path);
  if (problem !== undefined) return troubled(problem);
  if (session?.losses.isWaiting(path) === true || session?.losses.startLosses.holds(path) === true)
    return troubled({ kind: 'mass-change', path, where: path });
  const view = viewAt(index, path);
  if (view.conflicts.length > 0) return { state: 'conflict', reason: 'conflict', ...conflictText };
  const status = session?.obstacleAt(path) ?? index.base(path)?.status;
  if (status !== undefined && status !== 'held' && status !== 'implied')
    return { state: 'not-kept', reason: status, ...byStatus[status] };
  if (session?.isChanging(path) === true) {
    const changing: Problem = { kind: 'changing', path, where: path };
    return { ...troubled(changing), state: 'changed-here' };
  }
  if (session?.isChangedOnDisk(path) === true && index.pendingAt(path) === undefined)
    return {
      state: 'changed-here',
      reason: 'changed-here',
      cause: 'It was changed here and is about to be sent.',
      action: nothingToDo,
    };
  if (index.pendingAt(path) !== undefined)
    return {
      state: 'receiving',
      reason: 'receiving',
      cause: 'Its newest state is on its way to this disk.',
      action: nothingToDo,
    };
  return view.content === undefined ? absence(index, path, nameOfDevice) : undefined;
}

function troubled(problem: Problem): Found {
  return { state: 'problem', reason: problem.kind, ...explainProblem(problem) };
}

/** The problem of a path, or of a directory above it that could not be listed. */
function problemAt(problems: readonly Problem[], path: RelativePath): Problem | undefined {
  return (
    problems.find((problem) => problem.path === path || problem.where === path) ??
    problems.find(
      (problem) => problem.kind === 'unreadable' && problem.path !== undefined && isBelow(path, problem.path),
    )
  );
}

function absence(index: FolderIndex, path: RelativePath, nameOfDevice: (key: DeviceKey) => string): Found {
  const tombstone = index
    .members(path)
    .find(({ entry }) => !isLiving(entry) && contentOf(entry) === undefined);
  if (tombstone === undefined)
    return {
      state: 'absent',
      reason: 'never-seen',
      cause: 'Nothing of this name is known in the folder.',
      action: nothingToDo,
    };
  const { author } = tombstone;
  return {
    state: 'absent',
    reason: 'deleted',
    device: deviceKeyToText(author),
    cause: `It was deleted by ${nameOfDevice(author)}.`,
    action: nothingToDo,
  };
}

function peersReason(folder: AttachedFolder, links: readonly PeerLink[]): Found {
  const having = links.filter(({ index }) => index?.peerAnnouncement(folder.id) !== undefined);
  const inStep = (reason: Found['reason'], cause: string): Found => ({
    state: 'in-step',
    reason,
    cause,
    action: nothingToDo,
  });
  if (having.length === 0)
    return inStep('alone', 'It is in step here; no other device that has it is connected.');
  return having.every((link) => isInStepWith(folder, link))
    ? inStep('everywhere', 'It is in step with every connected device that has it.')
    : inStep(
        'not-everywhere',
        'It is in step here; not every connected device holds the same of the folder yet.',
      );
}

const conflictText: Explanation = {
  cause:
    'It was changed on several devices that did not know of each other; one version is shown, all are kept.',
  action: 'Choose a version; until then all of them stay.',
};

const byStatus: Readonly<Record<Exclude<BaseStatus, 'held' | 'implied'>, Explanation>> = {
  ignored: {
    cause: 'The ignore rules leave it out.',
    action: 'Change the rules if it is to be kept in step.',
  },
  unselected: {
    cause: 'Its top directory is not kept on this device.',
    action: 'Select the directory to have it here.',
  },
  name: {
    cause: 'Its name and that of another file are one name on this disk.',
    action: 'Rename one of the two.',
  },
  space: {
    cause: 'There is not enough space on this disk.',
    action: 'Free some space; Lockstep goes on by itself.',
  },
  kind: {
    cause: 'This disk cannot hold such a thing.',
    action: 'Keep the folder on another disk to have it here.',
  },
  lingering: {
    cause: 'The directory was removed elsewhere but holds something here that is not kept in step.',
    action: 'Move that away or delete it.',
  },
  waiting: { cause: 'A person has to decide about it first.', action: 'Answer the question.' },
  'local-change': {
    cause: 'It was changed in a folder that only receives.',
    action: 'Accept or revert the change.',
  },
};
