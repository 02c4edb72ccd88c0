import type { Command } from 'commander';
import type { DeviceListing, GroupEvent } from '../../../core/engine/engine.ts';
import { formatCount, formatTable, formatTime, printable } from '../format.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';
import { recoveryText } from '../text.ts';

/** `lockstep group …`: the group of devices that trust one another. */
export function addGroupCommands(program: Command, add: AddCommand): void {
  const group = addCommonOptions(program.command('group')).description(
    'the group of devices that trust one another',
  );
  add(
    group,
    'create',
    'found a group (the first `device invite` does it too)',
    async (surface, options: { recovery: boolean }) => {
      const made = await surface.withDevice((device) =>
        device.call('groupCreate', { recovery: options.recovery }),
      );
      const recovery = made.recoveryCode === undefined ? [] : ['', ...recoveryText(made.recoveryCode)];
      surface.output.result(made, [
        `Founded the group ${made.group}.`,
        'Bring in the next device with `lockstep device invite`.',
        ...recovery,
      ]);
    },
  ).option('--no-recovery', 'without a recovery code, now and for ever');
  add(group, 'show', 'show the group', async (surface) => {
    const shown = await surface.withDevice((device) => device.call('groupShow'));
    surface.output.result(
      shown,
      shown.group === null
        ? [
            'This device belongs to no group yet.',
            'Found one with `lockstep device invite`, or join one with `lockstep device join`.',
          ]
        : [
            `group     ${shown.group}`,
            `members   ${formatCount(shown.members.length, 'device')}`,
            `recovery  ${shown.recovery ? 'there is a recovery code' : 'there is no recovery code'}`,
          ],
    );
  });
  add(group, 'history', 'list who came and who was removed, by whom', async (surface) => {
    const [events, devices] = await surface.withDevice(async (device) => [
      await device.call('groupHistory'),
      await device.call('deviceList'),
    ]);
    surface.output.result(events, historyLines(events, devices));
  });
  add(group, 'leave', 'leave the group; the files stay', async (surface) => {
    const left = await surface.withDevice((device) => device.call('groupLeave'));
    surface.output.result(left, ['This device has left the group. Its files stay where they are.']);
  });
}

const whatHappened: Readonly<Record<GroupEvent['kind'], string>> = {
  founded: 'founded by',
  added: 'added by',
  removed: 'removed by',
  recovered: 'recovered, keeping only these, by',
};

function historyLines(events: readonly GroupEvent[], devices: readonly DeviceListing[]): readonly string[] {
  if (events.length === 0) return ['This device belongs to no group yet.'];
  const nameOf = (key: string): string =>
    printable(devices.find((device) => device.key === key)?.name ?? key.slice(0, 7));
  return formatTable(
    ['HEARD', 'DEVICES', 'WHAT', 'BY'],
    events.map(({ at, kind, by, devices: keys, counts }) => [
      at === null ? 'not known' : formatTime(at),
      keys.map(nameOf).join(', '),
      `${whatHappened[kind]}${counts ? '' : ' (does not count)'}`,
      nameOf(by),
    ]),
  );
}
