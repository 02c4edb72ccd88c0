import type { Command } from 'commander';
import type { DeviceListing } from '../../../core/engine/engine.ts';
import { formatSpan, formatTable, formatTime, printable } from '../format.ts';
import { keyPlaces } from '../key-text.ts';
import { addPairingCommands } from './pairing.ts';
import { addRemovalCommands } from './removal.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';
import { alarmText, deviceStates, recoveryText } from '../text.ts';

/** Sooner than this nobody waits for a person. */
const askingMs = 500;
const askingText =
  'Asking to be admitted. A person at the other device may have to say yes: `lockstep device approve` there. Ctrl-C gives up.';

/** `lockstep device …`: who belongs to the group, and where they are. */
export function addDeviceCommands(program: Command, add: AddCommand): void {
  const device = addCommonOptions(program.command('device')).description('the devices of the group');
  add(
    device,
    'invite',
    'print an invitation for one device',
    async (surface, options: { yes?: boolean; recovery: boolean }) => {
      const admit = options.yes === true ? 'any' : 'ask';
      const made = await surface.withDevice((client) =>
        client.call('deviceInvite', { admit, recovery: options.recovery }),
      );
      surface.output.result(made, [
        `An invitation for one device, good for ${formatSpan(made.expiresInS)}. On that device:`,
        '',
        `  lockstep device join ${made.invitation}`,
        '',
        admit === 'any'
          ? 'Whoever has it first is admitted without a further question.'
          : 'Nobody is admitted yet: `lockstep device list` shows who asks, with the words that must be the same there; `lockstep device approve KEY` admits.',
        ...(made.recoveryCode === undefined ? [] : ['', ...recoveryText(made.recoveryCode)]),
      ]);
    },
  )
    .option('--yes', 'admit whoever has the invitation, without a further question')
    .option('--no-recovery', 'if this founds the group: without a recovery code, now and for ever');
  add(
    device,
    'join <INVITATION>',
    'join the group that an invitation is from',
    async (surface, _options, invitation: string) => {
      const telling = setTimeout(() => surface.output.note(askingText), askingMs);
      const joined = await surface
        .withDevice((client) => client.call('deviceJoin', { invitation }))
        .finally(() => clearTimeout(telling));
      surface.output.result(joined, [
        `This device now belongs to the group ${joined.group}.`,
        'See what it offers with `lockstep folder list`.',
      ]);
    },
  );
  add(device, 'list', 'list members, those who ask to join, and removed ones', async (surface) => {
    const devices = await surface.withDevice((client) => client.call('deviceList'));
    surface.output.result(devices, deviceLines(devices));
  });
  add(
    device,
    'approve <KEY>',
    'admit a device that asks to join, or one that is suspended',
    async (surface, _options, key: string) => {
      const done = await surface.withDevice((client) => client.call('deviceApprove', { device: key }));
      surface.output.result(done, ['The device is admitted.']);
    },
  );
  add(
    device,
    'connect <KEY> <MULTIADDR>',
    'tell where a device is, such as /ip4/192.168.1.7/tcp/4400',
    async (surface, _options, key: string, address: string) => {
      const done = await surface.withDevice((client) =>
        client.call('deviceConnect', { device: key, address }),
      );
      surface.output.result(done, ['The device is looked for there too from now on.']);
    },
  );
  add(
    device,
    'rename <KEY> <NAME>',
    'call a device something else here',
    async (surface, _options, key: string, name: string) => {
      const done = await surface.withDevice((client) => client.call('deviceRename', { device: key, name }));
      surface.output.result(done, [`The device is called ${printable(name)} here from now on.`]);
    },
  );
  addPairingCommands(device, add);
  addRemovalCommands(device, add);
}

function deviceLines(devices: readonly DeviceListing[]): readonly string[] {
  const members = devices.filter(({ state }) => state !== 'pending');
  const asking = devices.filter(({ state }) => state === 'pending');
  const rows = members.map(({ key, name, words, state, lastSeen, keyStorage }) => [
    printable(name),
    state === 'offline' && lastSeen !== null ? `last seen ${formatTime(lastSeen)}` : deviceStates[state],
    keyPlaces[keyStorage],
    beginningOf(key),
    words,
  ]);
  const alarms = devices.flatMap(({ name, alarms: told }) =>
    told.map((alarm) => `! ${printable(name)}: ${printable(alarmText(alarm))}`),
  );
  return [
    ...formatTable(['DEVICE', 'STATE', 'KEY KEPT', 'KEY BEGINS', 'WORDS'], rows),
    ...alarms,
    ...asking.flatMap(({ key, name, words }) => [
      '',
      `A device that calls itself ${printable(name)} asks to join. Its words: ${words}`,
      `If the same words stand on that device: lockstep device approve ${beginningOf(key)}`,
    ]),
  ];
}

/** The first two groups of a key: enough for a person to tell it, and for the command to know it. */
function beginningOf(key: string): string {
  return key.split('-').slice(0, 2).join('-');
}
