import type { Command } from 'commander';
import { SyncError } from '../../../core/model/errors.ts';
import { printable } from '../format.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';

/** `lockstep settings …`: what can be set. */
export function addSettingsCommands(program: Command, add: AddCommand): void {
  const settings = addCommonOptions(program.command('settings')).description('what can be set');
  add(settings, 'list', 'list all settings', async (surface) => {
    const all = await surface.withDevice((device) => device.call('settingsList'));
    surface.output.result(all, linesOf(all));
  });
  add(settings, 'get <KEY>', 'show one setting', async (surface, _options, key: string) => {
    const all = await surface.withDevice((device) => device.call('settingsList'));
    const value = Object.hasOwn(all, key) ? all[key] : undefined;
    if (value === undefined) throw new SyncError('not-found', { what: 'setting', text: key });
    surface.output.result({ [key]: value }, [printable(String(value))]);
  });
  add(
    settings,
    'set <KEY> <VALUE>',
    'change one setting',
    async (surface, _options, key: string, value: string) => {
      const changed = await surface.withDevice((device) => device.call('settingsSet', { key, value }));
      surface.output.result(changed, linesOf(changed));
    },
  );
}

function linesOf(settings: Readonly<Record<string, string | number | boolean>>): readonly string[] {
  return Object.entries(settings).map(([key, value]) => `${key}  ${printable(String(value))}`);
}
