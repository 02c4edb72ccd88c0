import type { PathExplanation, PathProblem, PathProblemKind, PathReason } from '../../../app/ipc/contract.ts';

/** What went wrong and what helps. */
interface Explanation {
  readonly cause: string;
  readonly action: string;
}

const problems: Readonly<Record<PathProblemKind, Explanation>> = {
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
  failed: {
    cause: 'Lockstep met an error of its own and stopped this folder. Your files are as they were.',
    action: 'Restart Lockstep; if it happens again, save a report and send it.',
  },
  'reading-first': {
    cause: 'Nothing here is sent before another device that has this folder was compared with.',
    action: 'Connect a device that has it.',
  },
};

/** Why a path stands where it does, where that is no problem. */
const reasons: Readonly<Record<Exclude<PathReason, PathProblemKind | 'deleted'>, string>> = {
  ignored: 'The ignore rules leave it out.',
  unselected: 'Its top directory is not kept on this device.',
  name: 'Its name and that of another file are one name on this disk.',
  space: 'There is not enough space on this disk.',
  kind: 'This disk cannot hold such a thing.',
  waiting: 'A person has to decide about it first.',
  paused: 'The folder is paused.',
  looking: 'The folder is being looked through.',
  conflict:
    'It was changed on several devices that did not know of each other; one version is shown, all are kept.',
  'changed-here': 'It was changed here and is about to be sent.',
  receiving: 'Its newest state is on its way to this disk.',
  'never-seen': 'Nothing of this name is known in the folder.',
  alone: 'It is in step here; no other device that has it is connected.',
  everywhere: 'It is in step with every connected device that has it.',
  'not-everywhere': 'It is in step here; not every connected device holds the same of the folder yet.',
};

/** Words about what is not in step, and why. */
export const enProblems = {
  explainProblem: ({ kind, code }: Pick<PathProblem, 'kind' | 'code'>): Explanation => {
    const { cause, action } = problems[kind];
    return { cause: code === null ? cause : `${cause.slice(0, -1)} (${code}).`, action };
  },
  explainPath: ({ reason }: Pick<PathExplanation, 'reason'>, who: string): string => {
    if (reason === 'deleted') return `It was deleted by ${who}.`;
    return reason in reasons
      ? reasons[reason as keyof typeof reasons]
      : problems[reason as PathProblemKind].cause;
  },
};

export type ProblemWords = typeof enProblems;
