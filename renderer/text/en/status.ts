import type { Picture, Question } from '../../../app/ipc/contract.ts';
import type { Format } from '../format.ts';
import { changes, devices, files, items } from './nouns.ts';

/** What works only in part, where the window has to say so. */
export type Shortfall = Exclude<Picture['status']['incomplete'][number]['what'], 'key'>;

/** Words of the one sentence about the whole device, of what works only in part, and of what waits for a person. */
export const enStatus = (format: Format) => ({
  asksToJoin: (names: readonly string[]) =>
    names.length === 1
      ? `“${names[0]}” asks to join.`
      : `${format.number(names.length)} devices ask to join.`,
  /** `until` is when a pause ends, ready to be shown; undefined if only a person ends it. */
  status: (
    { state, facts, pausedBy }: Pick<Picture['status'], 'state' | 'facts' | 'pausedBy'>,
    until: string | undefined,
  ): string => {
    const { problems, conflicts, questions, needFiles, pendingLocal, behind, differing } = facts;
    switch (state) {
      case 'paused':
        return `Paused${until === undefined ? '' : ` until ${until}`}${pausedBy === 'schedule' ? ' by schedule' : ''}.`;
      case 'attention':
        if (facts.isRemoved) return 'This device was removed from the group; its files stay as they are.';
        if (questions > 0)
          return `${format.count(questions, { one: 'question waits', other: 'questions wait' })} for you.`;
        return conflicts > 0 && problems === 0
          ? `${format.count(conflicts, { one: 'conflict needs', other: 'conflicts need' })} you.`
          : `${format.count(problems + conflicts, { one: 'thing needs', other: 'things need' })} you.`;
      case 'syncing':
        if (facts.isScanning) return 'Looking through the folders.';
        if (needFiles > 0) return `Syncing: ${format.count(needFiles, items)} to come.`;
        if (pendingLocal > 0)
          return `Syncing: ${format.count(pendingLocal, changes)} of this device to send.`;
        if (differing > 0 && differing === behind)
          return `All is sent; ${format.count(differing, { one: 'device holds', other: 'devices hold' })} something else: look there.`;
        return `Syncing: ${format.count(behind, { one: 'device is', other: 'devices are' })} still receiving.`;
      case 'offline':
        return facts.members === 0 ? 'No other devices yet.' : 'No other device is connected.';
      case 'idle':
        if (facts.folders === 0)
          return `No folders yet. ${format.count(facts.connected, devices)} connected.`;
        return facts.holding === 0
          ? `${format.count(facts.connected, devices)} connected, without these folders yet.`
          : `Up to date with ${format.count(facts.holding, devices)}.`;
    }
  },
  shortfall: {
    watch: (folders) =>
      `Not every directory of ${format.list(folders)} can be watched, so changes made there are found by looking every minute. On Linux, a higher fs.inotify.max_user_watches helps.`,
    port: () =>
      'Other devices may not be able to connect to this one: its port could not be opened, perhaps because another program uses it. This device still connects to them.',
    discovery: () =>
      'Devices near by may not be found by themselves: the local network could not be asked. An invitation still brings devices together.',
  } satisfies Record<Shortfall, (folders: readonly string[]) => string>,
  /** `isOwn`: it is this device that noticed the loss, at its start. */
  question: (
    { kind, counts, isReader }: Pick<Question, 'kind' | 'counts' | 'isReader'>,
    about: { readonly folder: string; readonly device: string; readonly isOwn: boolean },
  ): string => {
    const { folder, device, isOwn } = about;
    const { removed, replaced } = counts;
    switch (kind) {
      case 'mass-change': {
        if (isOwn)
          return `${format.count(removed, { one: 'file is', other: 'files are' })} gone from ${folder} since Lockstep last looked. Shall the other devices delete them too?`;
        const parts = [
          ...(removed > 0 ? [`remove ${format.count(removed, files)}`] : []),
          ...(replaced > 0 ? [`replace ${format.count(replaced, files)}`] : []),
        ];
        return `Changes made on ${device} would ${parts.join(' and ')} in ${folder} here. Is that meant?`;
      }
      case 'removed-device':
        return isReader
          ? `${device} had made ${format.count(replaced, changes)} in ${folder} that were not known when it was allowed only to read. They were set aside. Take them in again?`
          : `${device} had made ${format.count(replaced, changes)} in ${folder} that the device that removed it had not seen. They were set aside. Take them in again?`;
      case 'pending-device':
        return `“${device}” asks to join. Let it in?`;
    }
  },
});

export type StatusWords = ReturnType<typeof enStatus>;
