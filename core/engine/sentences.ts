import type { Problem, ProblemKind } from '../model/problem.ts';
import type { PathProblemKind, Status, StatusFacts } from './api.ts';
import type { RootFault } from './folder-root.ts';
import type { FolderPhase } from './folder-run.ts';
import type { Pause } from './limits-in-force.ts';

/** What went wrong and what helps, in words for people. */
export interface Explanation {
  readonly cause: string;
  readonly action: string;
}

const byKind: Readonly<Record<ProblemKind, Explanation>> = {
  unreadable: {
    cause: 'It cannot be read here.',
    action: 'Check its permissions; Lockstep tries again by itself.',
  },
  unwritable: {
    cause: 'It cannot be changed here.',
    action: 'Check its permissions and those of its directory; Lockstep tries again by itself.',
  },
  'name-not-text': {
    cause: 'Its name is not valid text.',
    action: 'Rename it; until then it stays on this device only.',
  },
  'name-too-long': {
    cause: 'Its name is too long for this disk.',
    action: 'Give it a shorter name on a device that has it.',
  },
  'name-clash': {
    cause: 'Another name here differs from it only in a way many systems cannot tell apart.',
    action: 'Rename one of the two.',
  },
  'name-not-allowed': {
    cause: 'This disk does not allow its name.',
    action: 'Rename it on a device that has it.',
  },
  'name-reserved': {
    cause: 'Its name is reserved for Lockstep or cannot be used in a folder.',
    action: 'Rename it; until then it stays on this device only.',
  },
  'special-file': {
    cause: 'It is not a file, a directory or a link.',
    action: 'Nothing: such things stay on this device only.',
  },
  'link-target-not-text': {
    cause: 'The link points to a name that is not valid text.',
    action: 'Make the link anew.',
  },
  'nested-mount': {
    cause: 'Another disk is mounted here.',
    action: 'Add it as a folder of its own if it is to be kept in step.',
  },
  changing: { cause: 'It keeps being written to.', action: 'Nothing: it is sent as soon as it rests.' },
  'no-space': {
    cause: 'There is not enough space on this disk.',
    action: 'Free some space; Lockstep goes on by itself.',
  },
  'disk-error': {
    cause: 'The disk reported an error.',
    action: 'Check the disk; Lockstep tries again by itself.',
  },
  'no-holder': { cause: 'No connected device has it.', action: 'Connect a device that has it.' },
  lingering: {
    cause: 'The directory was removed elsewhere but holds something here that is not kept in step.',
    action: 'Move that away or delete it.',
  },
  'kind-not-supported': {
    cause: 'This disk cannot hold such a thing.',
    action: 'Keep the folder on another disk to have it here.',
  },
  'past-too-large': {
    cause: 'Too many devices changed it at once.',
    action: 'Save it once more on one device.',
  },
  'mass-change': {
    cause: 'A large part of the folder would be removed or replaced.',
    action: 'Decide whether that is meant.',
  },
  'local-change': {
    cause: 'It was changed here, in a folder that only receives; the change stays here.',
    action: 'Accept the change to tell the other devices, or revert it.',
  },
  'read-only': {
    cause: 'It was changed here, in a folder that this device may only read; the change stays here.',
    action: 'Revert it, or let another device allow this one to change the folder.',
  },
  'ignored-change': {
    cause: 'A device that may only read this folder has changed it; the change is not taken.',
    action: 'Revert the change on that device, or allow it to change the folder.',
  },
  'not-taken': {
    cause: 'It was changed elsewhere; this folder only sends, so it stays as it is here.',
    action: 'Accept what is here for all devices, or revert to what they have.',
  },
};

const byFault: Readonly<Record<RootFault, Explanation>> = {
  'root-missing': {
    cause: 'The directory is not there. Nothing was deleted anywhere.',
    action: 'Connect its disk or put the directory back; Lockstep goes on by itself.',
  },
  'root-not-directory': {
    cause: 'There is something else where the directory was. Nothing was deleted anywhere.',
    action: 'Put the directory back.',
  },
  'marker-missing': {
    cause:
      'The directory has lost the mark that makes it this folder: it may be an empty place where a disk belongs. Nothing was deleted anywhere.',
    action: 'Connect the disk. If this is the right directory, remove the folder here and join it again.',
  },
  'marker-other': {
    cause: 'The directory belongs to another folder.',
    action: 'Put the right directory in its place.',
  },
  'root-unreadable': {
    cause: 'The directory cannot be read. Nothing was deleted anywhere.',
    action: 'Check the disk and its permissions; Lockstep goes on by itself.',
  },
};

/** Words for a path's problem; the system's code is added to the cause. */
export function explainProblem(problem: Problem): Explanation {
  const { cause, action } = byKind[problem.kind];
  return { cause: problem.cause === undefined ? cause : `${cause.slice(0, -1)} (${problem.cause}).`, action };
}

/** What keeps a whole folder from syncing, with words for it; undefined if nothing does. */
export function explainPhase(
  phase: FolderPhase,
): (Explanation & { readonly kind: PathProblemKind }) | undefined {
  switch (phase.kind) {
    case 'missing':
      return { kind: phase.cause, ...byFault[phase.cause] };
    case 'failed':
      return {
        kind: 'failed',
        cause: 'Lockstep met an error of its own and stopped this folder. Your files are as they were.',
        action: 'Restart Lockstep; if it happens again, report it with the log.',
      };
    case 'reading-first':
      return {
        kind: 'reading-first',
        cause: 'Nothing here is sent before another device that has this folder was compared with.',
        action: 'Connect a device that has it.',
      };
    case 'starting':
    case 'scanning':
    case 'running':
      return undefined;
  }
}

/** What a person is asked when another device took much from a folder. */
export function massChangeSentence(facts: {
  readonly folder: string;
  readonly device: string;
  readonly removed: number;
  readonly replaced: number;
}): string {
  const { folder, device, removed, replaced } = facts;
  const parts = [
    ...(removed > 0 ? [`remove ${count(removed, 'file', 'files')}`] : []),
    ...(replaced > 0 ? [`replace ${count(replaced, 'file', 'files')}`] : []),
  ];
  return `Changes made on ${device} would ${parts.join(' and ')} in ${folder} here. Is that meant?`;
}

/** What a person is asked when much of a folder is gone at the start. */
export function missingSentence({
  folder,
  files,
}: {
  readonly folder: string;
  readonly files: number;
}): string {
  const gone = count(files, 'file is', 'files are');
  return `${gone} gone from ${folder} since Lockstep last looked. Shall the other devices delete them too?`;
}

/** What a person is asked when changes of a device that was removed, or allowed only to read, were set aside. */
export function setAsideSentence(facts: {
  readonly folder: string;
  readonly device: string;
  readonly isReader: boolean;
  readonly paths: number;
}): string {
  const { folder, device, paths } = facts;
  if (facts.isReader)
    return `${device} had made ${count(paths, 'change', 'changes')} in ${folder} that were not known when it was allowed only to read. They were set aside. Take them in again?`;
  return `${device} had made ${count(paths, 'change', 'changes')} in ${folder} that the device that removed it had not seen. They were set aside. Take them in again?`;
}

/** What a person is asked when a device wants to join. */
export function pendingSentence(name: string): string {
  return `${name === '' ? 'A device' : name} asks to join. Let it in?`;
}

/** The sentence for the status line. */
export function sentenceOf(
  state: Status['state'],
  { pause, ...facts }: StatusFacts & { readonly pause: Pause | undefined },
): string {
  switch (state) {
    case 'paused':
      return pausedSentence(pause);
    case 'attention':
      if (facts.isRemoved) return 'This device was removed from the group; its files stay as they are.';
      if (facts.questions > 0)
        return `${count(facts.questions, 'question waits', 'questions wait')} for you.`;
      return facts.conflicts > 0 && facts.problems + facts.questions === 0
        ? `${count(facts.conflicts, 'conflict needs', 'conflicts need')} you.`
        : `${count(facts.problems + facts.conflicts + facts.questions, 'thing needs', 'things need')} you.`;
    case 'syncing':
      if (facts.isScanning) return 'Looking through the folders.';
      if (facts.needFiles > 0) return `Syncing: ${count(facts.needFiles, 'item', 'items')} to come.`;
      if (facts.pendingLocal > 0)
        return `Syncing: ${count(facts.pendingLocal, 'change', 'changes')} of this device to send.`;
      if (facts.differing > 0 && facts.differing === facts.behind)
        return `All is sent; ${count(facts.differing, 'device holds', 'devices hold')} something else: look there.`;
      return `Syncing: ${count(facts.behind, 'device is', 'devices are')} still receiving.`;
    case 'offline':
      return facts.members === 0 ? 'No other devices yet.' : 'No other device is connected.';
    case 'idle':
      if (facts.folders === 0)
        return `No folders yet. ${count(facts.connected, 'device', 'devices')} connected.`;
      if (facts.holding === 0)
        return `${count(facts.connected, 'device', 'devices')} connected, without these folders yet.`;
      return `Up to date with ${count(facts.holding, 'device', 'devices')}.`;
  }
}

function pausedSentence(pause: Pause | undefined): string {
  const until = pause?.until === undefined ? '' : ` until ${new Date(pause.until).toISOString()}`;
  return `Paused${until}${pause?.by === 'schedule' ? ' by schedule' : ''}.`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
