import type { ScheduleEntry } from '../../../app/ipc/contract.ts';
import type { Format } from '../format.ts';

/** Words of the part of Settings about rates and times. */
export const enLimits = (format: Format) => ({
  limitsTitle: 'Use of the network',
  limitUp: 'Send at most (kB/s)',
  limitDown: 'Receive at most (kB/s)',
  limitNone: 'No limit',
  limitWrong: (least: number) => `Leave it empty, or at least ${format.number(least)}.`,
  limitLan: 'Not between devices on the same local network',
  limitLanHelp: 'At home or at work they go as fast as they can.',
  scheduleTitle: 'Times',
  scheduleHelp: 'Times of the week at which syncing rests, or is held to lower rates.',
  scheduleNone: 'None: it is the same all week.',
  scheduleAdd: 'Add a time',
  scheduleRemove: (entry: string) => `Remove “${entry}”`,
  scheduleDays: 'Days',
  scheduleDayChoices: { all: 'Every day', work: 'Monday to Friday', end: 'Saturday and Sunday' },
  scheduleFrom: 'From',
  scheduleTo: 'To',
  scheduleDoes: 'What happens',
  scheduleDoesChoices: { pause: 'Pause', limit: 'Limit' } satisfies Record<ScheduleEntry['does'], string>,
  scheduleEntry: (days: string, from: string, to: string) => `${days}, ${from} to ${to}`,
  schedulePauses: 'syncing rests',
  scheduleSends: (rate: string) => `sends at most ${rate}`,
  scheduleReceives: (rate: string) => `receives at most ${rate}`,
});

export type LimitsWords = ReturnType<typeof enLimits>;
