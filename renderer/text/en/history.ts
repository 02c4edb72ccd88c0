import type { DirectoryItem, HistoryVersion } from '../../../app/ipc/contract.ts';
import type { Encoding } from '../../state/decode-text.ts';
import type { Format } from '../format.ts';
import { encodings, files } from './nouns.ts';

/** Words about what was, and how to have it back. */
export const enHistory = (format: Format) => ({
  noHistoryTitle: 'No folders yet',
  noHistoryBody:
    'Once a folder is kept here, every version that is replaced or deleted can be found and restored on this screen.',
  emptyDirectoryTitle: 'Nothing here',
  emptyDirectoryNow:
    'Nothing is in this directory, and nothing that was in it is remembered. Go back up, or choose another folder.',
  emptyDirectoryThen:
    'Nothing was in this directory at that moment. Choose another moment, or go back to now.',
  historyFolder: 'Folder',
  when: 'Show it',
  now: 'As it is now',
  hourAgo: 'An hour ago',
  dayAgo: 'A day ago',
  weekAgo: 'A week ago',
  atMoment: 'At a moment…',
  momentField: 'The moment',
  placeLabel: 'Where you are',
  filesLabel: 'What is here',
  filesLabelThen: (iso: string, now: number) => `What was here ${format.moment(iso, now)}`,
  itemState: (item: DirectoryItem) =>
    ({ there: '', changed: 'changed since', gone: 'not there now' })[item.state],
  goneAt: (iso: string, now: number, who: string) =>
    `deleted ${format.moment(iso, now)}${who === '' ? '' : ` by ${who}`}`,
  writtenAt: (iso: string, now: number, who: string) =>
    `${format.moment(iso, now)}${who === '' ? '' : `, ${who}`}`,
  directory: 'Directory',
  link: 'Link',
  selectItem: (name: string) => `Select ${name}`,
  momentTooEarly: (since: string, now: number) =>
    `Lockstep remembers this folder from ${format.moment(since, now)} on. Choose a later moment.`,
  restoreSelected: (n: number) => (n === 0 ? 'Restore selected…' : `Restore ${n} selected…`),
  restoreAll: 'Restore everything here…',
  chooseFile: 'Choose a file to see its versions.',
  chooseFileThen: 'Choose a file to see its versions, or restore all that was here.',
  versions: 'Former versions',
  noVersions:
    'No former version of this is known. As soon as it is replaced or deleted, its versions are listed here.',
  versionUntil: (iso: string, now: number) => `Until ${format.moment(iso, now)}`,
  versionReason: (version: HistoryVersion, who: string) =>
    ({
      replaced: who === '' ? 'then replaced' : `then replaced by ${who}`,
      deleted: who === '' ? 'then deleted' : `then deleted by ${who}`,
      conflict: 'stands in a conflict',
      fetched: 'fetched to look at it',
    })[version.reason],
  isCurrent: 'the same as now',
  isHere: 'On this device',
  alsoOn: (names: readonly string[]) => `Also on: ${format.list(names)}`,
  onlyOn: (names: readonly string[]) => `On: ${format.list(names)}`,
  nowhere: 'On no connected device',
  preview: 'Preview',
  previewLoading: 'Reading the version…',
  previewTooLarge: 'Too large to be shown here: open a copy to look at it.',
  previewNone: 'Not text and not a picture: open a copy to look at it.',
  previewEmpty: '(empty)',
  previewEncoding: (encoding: Encoding, isGuess: boolean) =>
    isGuess ? `Read as ${encodings[encoding]}, a guess.` : `In ${encodings[encoding]}.`,
  restoreThis: 'Restore this…',
  restoreBeside: 'Put beside it…',
  openCopyShort: 'Open a copy',
  copyName: (stem: string, extension: string, at: string) => `${stem} (as of ${at})${extension}`,

  restoreTitle: 'Restore',
  restoreLooking: 'Looking what would be restored…',
  restoreNothing: 'Nothing would change: all of it is as it was.',
  restoreWould: (n: number, fetched: number) =>
    [
      `${format.count(n, { one: 'path', other: 'paths' })} would be restored${fetched === 0 ? '' : `, ${format.count(fetched, files)} of them from other devices`}.`,
      'What is there now is kept in the history, and this can be undone.',
    ].join(' '),
  restoreMissing: (n: number) =>
    `${format.count(n, { one: 'path stays', other: 'paths stay' })} as it is now, because no connected device has its bytes:`,
  restoreConfirm: (n: number) => `Restore ${format.count(n, { one: 'path', other: 'paths' })}`,
  restoreWhat: (name: string, iso: string | undefined, now: number) =>
    iso === undefined ? `“${name}”` : `“${name}”, as it was ${format.moment(iso, now)}`,
  restoreCount: (n: number, iso: string, now: number) =>
    `${format.count(n, { one: 'item', other: 'items' })}, as they were ${format.moment(iso, now)}`,
  restoreLast: (n: number) =>
    `${format.count(n, { one: 'deleted file', other: 'deleted files' })}, as ${n === 1 ? 'it' : 'they'} last ${n === 1 ? 'was' : 'were'}`,
  restoreTo: (name: string) => `It is put beside the present one, as “${name}”.`,
  more: (n: number) => `and ${format.count(n, { one: 'more', other: 'more' })}`,
});

export type HistoryWords = ReturnType<typeof enHistory>;
