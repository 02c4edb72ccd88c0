import type { ActivityItem } from '../../../app/ipc/contract.ts';
import type { Format } from '../format.ts';
import { items } from './nouns.ts';

/** Words about what happens and happened. */
export const enActivity = (format: Format) => ({
  movingTitle: 'Now',
  movingNothing: 'Nothing is moving.',
  movingReceive: (n: number, bytes: number, etaS: number | null) =>
    `${format.count(n, items)} to come, ${format.size(bytes)}${etaS === null ? '' : ` · about ${format.span(etaS)} left`}`,
  movingSend: (n: number) =>
    `${format.count(n, { one: 'change', other: 'changes' })} made here about to be sent`,
  movingBehind: (name: string, n: number) => `${name}: ${format.count(n, items)} behind`,
  movingFrom: (name: string, bps: number) => `↓ ${format.rate(bps)} from ${name}`,
  movingTo: (name: string, bps: number) => `↑ ${format.rate(bps)} to ${name}`,
  sameOn: (names: readonly string[]) => `Also on: ${format.list(names)}`,
  recentTitle: 'What happened',
  activityFolder: 'Of',
  allFolders: 'All folders',
  noActivityTitle: 'Nothing has happened yet',
  noActivityBody:
    'Changes in your folders, made here or on your other devices, are listed here and can be undone. Change a file to see it.',
  noActivityAlone: 'Add a folder on the Folders screen; then its changes are listed here and can be undone.',
  happened: (item: ActivityItem, who: string) =>
    ({
      written: `${item.isNew ? 'added' : 'changed'} by ${who}`,
      deleted: `deleted by ${who}`,
      conflict: 'changed in two places',
      resolved: `conflict resolved by ${who}`,
      kept: `kept although ${who} deleted it, because it was changed meanwhile`,
      restored: `restored by ${who}`,
      undone: `put back by ${who}`,
      allowed: `a large change was allowed by ${who}`,
      'set-aside': 'changes of a device that had lost the right to make them were set aside',
    })[item.kind],
  undoItem: (name: string) => `Undo the change of ${name}`,
  showHistory: (name: string) => `Versions of ${name}`,
  showConflict: (name: string) => `Resolve the conflict of ${name}`,
  resolveShort: 'Resolve…',
  versionsShort: 'Versions',
});

export type ActivityWords = ReturnType<typeof enActivity>;
