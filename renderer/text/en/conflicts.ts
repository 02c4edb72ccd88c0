import type { ConflictVersion } from '../../../app/ipc/contract.ts';
import type { Encoding } from '../../state/decode-text.ts';
import type { Format } from '../format.ts';
import { changes, encodings, files } from './nouns.ts';

const conflicts = { one: 'conflict', other: 'conflicts' };

/** Words about versions that did not know of each other. */
export const enConflicts = (format: Format) => ({
  conflictBadge: (n: number) => format.count(n, { one: 'conflict is open', other: 'conflicts are open' }),
  noConflictsTitle: 'No conflicts',
  noConflictsBody:
    'Files changed in two places before they could be synced show up here, with every version kept. There is nothing to do now.',
  conflictsIntro: (n: number) =>
    `${format.count(n, { one: 'file was', other: 'files were' })} changed in two places before they could be synced. Nothing has been lost: every version is kept until you choose.`,
  conflictsLabel: 'Open conflicts',
  changedOn: (who: string, iso: string, now: number) => `${who}, ${format.moment(iso, now)}`,
  conflictActions: 'More about conflicts',
  undoLast: 'Undo the last resolution or restore',
  resolveAll: (n: number) => `Resolve all ${n}…`,
  resolveSelected: (n: number) => `Resolve ${n} selected…`,
  selectConflict: (name: string) => `Select ${name}`,

  conflictTitle: (n: number, name: string) => `${n === 2 ? 'Two' : String(n)} versions of “${name}”`,
  conflictStory: (n: number) =>
    `Changed on ${n === 2 ? 'two devices' : 'several devices'} before they could be synced. Nothing has been lost: choose what should be in the folder.`,
  capital: (text: string) => (text === 'this device' ? 'This device' : text),
  noAuthor: 'a directory that holds other files',
  inFolder: (where: string) => `Folder: ${where}`,
  versionsLabel: 'The versions',
  versionLetter: (letter: string) => `Version ${letter}`,
  shownNow: 'In the folder now',
  keptBeside: 'Kept aside',
  notHere: 'Comes from another device',
  kindOf: { file: 'File', symlink: 'Link', directory: 'Directory' } satisfies Record<
    ConflictVersion['kind'],
    string
  >,
  linkTo: (target: string) => `Link to ${target}`,
  openCopy: 'Open a copy',
  openCopyOf: (letter: string) => `Open a copy of version ${letter}`,
  compareLabel: 'Comparison',
  compareWith: 'Compare',
  compareTo: 'with',
  sideBySide: 'Side by side',
  inline: 'One below the other',
  swipe: 'Swipe',
  comparing: 'Comparing the versions…',
  cannotCompare: 'They cannot be compared here.',
  cannotRead: 'This version cannot be read now.',
  noText: 'Not text and not a picture: open copies to look at them.',
  tooLarge: 'Too large to be shown here: open copies to look at them.',
  differentKinds: 'One is text and the other is not: open copies to look at them.',
  tooDifferent: 'These texts have too little in common. Open copies to look at them.',
  sameText: 'The texts are the same; they differ in how they were written down.',
  lineEndsDiffer: 'They also differ in how lines end.',
  onlyOneEnds: (letter: string) => `Only ${letter} ends in a line break.`,
  placesDiffer: (n: number) => `${format.count(n, { one: 'place differs', other: 'places differ' })}`,
  sameLines: (n: number) =>
    format.count(n, { one: 'line that is the same', other: 'lines that are the same' }),
  moreRows: (n: number) =>
    `${format.count(n, { one: 'more row', other: 'more rows' })} not shown: open copies to see all.`,
  diffCaption: (a: string, b: string) => `The lines of version ${a} and version ${b}`,
  encodedAs: (letter: string, encoding: Encoding, isGuess: boolean) =>
    isGuess ? `${letter} is read as ${encodings[encoding]}, a guess` : `${letter} is ${encodings[encoding]}`,
  pictureOf: (letter: string) => `The picture of version ${letter}`,
  pixels: (width: number, height: number) => `${width} × ${height}`,
  swipeLabel: (a: string, b: string) => `How much of version ${a} covers version ${b}`,

  chooseLabel: 'What should be in the folder on all devices',
  keepBoth: 'Keep both',
  keepAll: 'Keep all',
  keepBothHelp: (who: string) => `The other is put beside it, named “(from ${who})”.`,
  keepAllHelp: 'The others are put beside it, each named after its device.',
  keepOf: (letter: string, who: string) => `Keep ${letter}, by ${who}`,
  keepOfHelp: (others: number): string =>
    others === 1 ? 'The other goes to the history.' : 'The others go to the history.',
  mergeByHand: 'Merge by hand…',
  decideLater: 'Decide later',
  resolve: 'Resolve',
  shortcut: (n: number) => `Alt+${n}`,

  mergeByHandTitle: (name: string) => `Merge “${name}” by hand`,
  mergeByHandBody:
    'Choose whose lines to take at each place, then change the text as you like. Both versions are kept in the history.',
  mergePlaces: 'Places that differ',
  mergePlace: (n: number, of: number) => `Place ${n} of ${of}`,
  mergeNothing: 'Nothing here',
  takeOf: (letter: string) => `Take ${letter}`,
  takeBoth: 'Take both',
  mergeResult: 'The merged text',
  mergeEdited: 'You changed the text yourself, so the choices are set aside.',
  mergeStartOver: 'Start over from the choices',
  mergeSavedAs: 'It is saved as UTF-8.',
  mergeSave: 'Save the merged text',
  mergeTooLong: 'This is more than 512 kB. Make it shorter, or merge it with another program.',
  back: 'Back',

  batchTitle: (n: number) => `Resolve ${format.count(n, conflicts)}`,
  batchChoice: 'For all of them',
  batchBoth: 'Keep both, beside each other',
  batchNewest: 'Keep the newest',
  batchShown: 'Keep what is in the folder now',
  batchDevice: (who: string) => `Keep what ${who} wrote`,
  batchPreview: 'What would be done',
  batchStays: (who: string, iso: string, now: number) =>
    `stays as ${who} left it, ${format.moment(iso, now)}`,
  batchAllStay: (n: number) =>
    n === 2 ? 'both stay, beside each other' : `all ${n} stay, beside each other`,
  batchLeftOpen: 'left open: no version by that device',
  batchResolve: (n: number) => `Resolve ${n}`,
  batchProgress: (done: number, of: number) => `${done} of ${of} resolved…`,

  resolvedNotice: (n: number, added: readonly string[]) =>
    [
      `${format.count(n, { one: 'conflict is', other: 'conflicts are' })} resolved on every device as it hears of it.`,
      ...(added.length === 0
        ? []
        : [`${format.list(added)} ${added.length === 1 ? 'was' : 'were'} put beside it.`]),
    ].join(' '),
  restoredNotice: (n: number, missing: number) =>
    [
      `${format.count(n, { one: 'path was', other: 'paths were' })} restored.`,
      ...(missing === 0 ? [] : [`${format.count(missing, files)} could not be had from a connected device.`]),
    ].join(' '),
  undoneNotice: (missing: number) =>
    missing === 0
      ? 'Taken back.'
      : `Taken back, but for ${format.count(missing, changes)} whose former bytes no connected device has.`,
  undo: 'Undo',
});

export type ConflictWords = ReturnType<typeof enConflicts>;
