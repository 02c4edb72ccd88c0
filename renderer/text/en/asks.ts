import type { Format } from '../format.ts';
import { devices } from './nouns.ts';

/** Words of the questions that the main process asks by itself. */
export const enAsks = (format: Format) => ({
  cancel: 'Cancel',
  keyWords: 'Key words',
  removeTitle: (name: string) => `Remove “${name}” from all your devices?`,
  removeBody:
    'As soon as one of your devices is reached by another, it knows too. From then on nothing is sent to the removed device, and nothing is taken from it. What is on it stays on it: Lockstep cannot erase that.',
  removeField: (name: string) => `To go on, type its name: ${name}`,
  removeConfirm: (n: number) =>
    n === 1 ? 'Remove it for good' : `Remove ${format.count(n, devices)} for good`,
  removeToo: 'Removed together with it',
  removeStaying: 'It let these in, and they stay',
  removeVoids: (iso: string) => `What it did to the group since ${format.date(iso)} counts no more.`,
  removeUndoes: (iso: string) =>
    `The changes that it made to files since ${format.date(iso)} are taken back.`,
  removeForGood: 'It cannot come back with this key. If it is found again, it is set up anew.',

  recoverTitle: 'Decide with the recovery code',
  recoverBody:
    'The recovery code has the last word: exactly the devices listed here belong together from now on, whatever any device has decided before.',
  recoverKeep: 'Kept',
  recoverRemove: 'Removed for good',
  recoverField: 'The twelve words, as they stand on the paper',
  recoverConfirm: 'Decide for good',

  leaveTitle: 'Leave your other devices?',
  leaveBody: (others: number) =>
    others === 0
      ? 'This device forgets the group it belongs to. Its recovery code is of no more use then.'
      : `This device stops syncing with ${format.count(others, { one: 'other device', other: 'other devices' })}.`,
  leaveAfter:
    'Its files stay where they are, and so do theirs. To sync with them again, it has to be let in anew.',
  leaveConfirm: 'Leave',

  anewTitle: 'Set this device up anew?',
  anewBody:
    'It gets a new key, so that your other devices can let it in again as a new device. The key it has now stays removed.',
  anewAfter:
    'Your files stay where they are. Afterwards choose the same directories again: what is equal is not sent again, and of what differs both versions are kept.',
  anewConfirm: 'Set up anew',

  recoveryTitle: 'Write down these twelve words',
  recoveryBody:
    'They are the recovery code of your devices, shown only now. If a device is stolen and turns against the others, whoever has the words decides which devices belong together.',
  recoveryLimits:
    'They cannot bring back files, and they are kept nowhere: put them on paper, not on a device. Without them nobody can tell you the words again.',
  recoveryLabel: 'The twelve recovery words',
  print: 'Print…',
  written: 'I have them on paper',
  typeBackTitle: 'Two of the words, to be sure',
  typeBackBody: (one: number, two: number) =>
    `Look at your paper and type word ${one} and word ${two}, with a space between them.`,
  typeBackField: (one: number, two: number) => `Word ${one} and word ${two}`,
  typeBackConfirm: 'Done',
  showAgain: 'Show the words again',
});

export type AskWords = ReturnType<typeof enAsks>;
