import type { ActivityItem, PauseSpan } from '../../../app/ipc/contract.ts';
import type { Format } from '../format.ts';

/** All words that the main process says: the tray, and the system's own dialogs. */
export const enTray = (format: Format) => ({
  starting: 'Starting…',
  restarting: 'The sync engine stopped and is starting again…',
  refused: 'Lockstep cannot sync: open it to see why.',
  givenUp: 'The sync engine keeps stopping. Nothing is synced now.',
  answer: 'Answer a device that asks to join…',
  question: (n: number) => `Answer ${format.count(n, { one: 'question', other: 'questions' })}…`,
  pair: 'Pair a device…',
  settings: 'Settings…',
  resolve: (n: number) => `Resolve ${format.count(n, { one: 'conflict', other: 'conflicts' })}…`,
  open: 'Open Lockstep',
  openFolder: 'Open folder',
  recent: 'Recent changes',
  wholeFolder: 'A whole folder',
  happened: {
    written: (name: string) => `${name} was changed`,
    deleted: (name: string) => `${name} was deleted`,
    conflict: (name: string) => `${name} was changed in two places`,
    resolved: (name: string) => `${name} was resolved`,
    kept: (name: string) => `${name} was kept`,
    restored: (name: string) => `${name} was restored`,
    undone: (name: string) => `${name} was put back`,
    allowed: (name: string) => `A large change was allowed: ${name}`,
    'set-aside': (name: string) =>
      `Changes of a device that had lost the right to make them were set aside: ${name}`,
  } satisfies Record<ActivityItem['kind'], (name: string) => string>,
  pause: 'Pause',
  pauseFor: { hour: '1 hour', tomorrow: 'Until tomorrow', open: 'Until I resume' } satisfies Record<
    PauseSpan,
    string
  >,
  resume: 'Resume syncing',
  startAgain: 'Start the engine again',
  quit: 'Quit Lockstep (stops syncing)',
  tooltip: (sentence: string) => `Lockstep – ${sentence}`,
  newsAsks: (name: string) => `“${name}” asks to join`,
  newsAsksBody: 'Compare its key words before you let it in.',
  newsQuestion: 'Lockstep asks before a large change',
  newsConflicts: (n: number) =>
    `${format.count(n, { one: 'file was', other: 'files were' })} changed in two places`,
  newsConflictsBody: 'Every version is kept. Choose which is to stay.',
  newsRemoved: (name: string) => `“${name}” was removed`,
  newsRemovedBody: 'It gets no more changes. See who has heard of it.',
  newsSelfRemoved: 'This device was removed from your devices',
  newsSelfRemovedBody: 'Its files stay as they are. See by whom, and what you can do.',
  newsFull: 'The disk is full',
  newsFullBody: (folder: string) => `“${folder}” cannot be kept in step until there is space.`,
  newsStuck: 'Not synced for a day',
  newsStuckBody: (name: string, others: number) =>
    `“${name}”${others === 0 ? '' : ` and ${format.count(others, { one: 'other', other: 'others' })}`}: see why, and what helps.`,
  newsWayBack: 'Lockstep keeps running',
  newsWayBackBody: 'If you see no icon for it, start Lockstep again to open its window.',
  saveReport: 'Where to save the report',
  textFiles: 'Text',
  chooseAdd: 'Choose a directory to keep in step',
  chooseAddButton: 'Add folder',
  chooseJoin: (name: string) => `Choose where to keep “${name}”`,
  chooseJoinButton: 'Keep here',
});

export type TrayWords = ReturnType<typeof enTray>;
