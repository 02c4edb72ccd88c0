import type { ActivityItem, PauseSpan } from './ipc/contract.ts';

/** All words that the main process says: the tray, and the system's own dialogs. */
export const words = {
  starting: 'Starting…',
  restarting: 'The sync engine stopped and is starting again…',
  refused: 'Lockstep cannot sync: open it to see why.',
  givenUp: 'The sync engine keeps stopping. Nothing is synced now.',
  answer: 'Answer a device that asks to join…',
  question: (n: number) => (n === 1 ? 'Answer 1 question…' : `Answer ${n} questions…`),
  pair: 'Pair a device…',
  settings: 'Settings…',
  resolve: (n: number) => (n === 1 ? 'Resolve 1 conflict…' : `Resolve ${n} conflicts…`),
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
    'set-aside': (name: string) => `Changes of a removed device were set aside: ${name}`,
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
  saveReport: 'Where to save the report',
  textFiles: 'Text',
  chooseAdd: 'Choose a directory to keep in step',
  chooseAddButton: 'Add folder',
  chooseJoin: (name: string) => `Choose where to keep “${name}”`,
  chooseJoinButton: 'Keep here',
} as const;
