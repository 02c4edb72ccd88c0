import type { PauseSpan } from './ipc/contract.ts';

/** All words that the main process says: the tray, and the system's own dialogs. */
export const words = {
  starting: 'Starting…',
  restarting: 'The sync engine stopped and is starting again…',
  refused: 'Lockstep cannot sync: open it to see why.',
  givenUp: 'The sync engine keeps stopping. Nothing is synced now.',
  answer: 'Answer a device that asks to join…',
  open: 'Open Lockstep',
  openFolder: 'Open folder',
  pause: 'Pause',
  pauseFor: { hour: '1 hour', tomorrow: 'Until tomorrow', open: 'Until I resume' } satisfies Record<
    PauseSpan,
    string
  >,
  resume: 'Resume syncing',
  startAgain: 'Start the engine again',
  quit: 'Quit Lockstep (stops syncing)',
  tooltip: (sentence: string) => `Lockstep – ${sentence}`,
  chooseAdd: 'Choose a directory to keep in step',
  chooseAddButton: 'Add folder',
  chooseJoin: (name: string) => `Choose where to keep “${name}”`,
  chooseJoinButton: 'Keep here',
} as const;
