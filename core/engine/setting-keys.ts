import { SyncError } from '../model/errors.ts';
import type { Settings, SettingsStore } from './settings.ts';

/** A setting that people may read and change by name. */
interface SettingKey {
  read(settings: Settings): string | number;
  /** The settings with it changed; undefined if `value` makes no sense. */
  write(settings: Settings, value: string): Settings | undefined;
}

const keys: Readonly<Record<string, SettingKey>> = {
  name: {
    read: ({ name }) => name,
    write: (settings, value) => {
      const name = value.trim();
      return name === '' || name.length > 64 ? undefined : { ...settings, name };
    },
  },
  'versions.keepDays': {
    read: ({ versions }) => versions.keepDays,
    write: (settings, value) => withNumber(value, 1, 36_500, (keepDays) => changed(settings, { keepDays })),
  },
  'versions.maxShare': {
    read: ({ versions }) => versions.maxShare,
    write: (settings, value) => withNumber(value, 0.001, 0.9, (maxShare) => changed(settings, { maxShare })),
  },
  'massChange.share': {
    read: ({ massChange }) => massChange.share,
    write: (settings, value) =>
      withNumber(value, 0.01, 1, (share) => ({
        ...settings,
        massChange: { ...settings.massChange, share },
      })),
  },
  'massChange.count': {
    read: ({ massChange }) => massChange.count,
    write: (settings, value) =>
      withNumber(value, 0, 1_000_000_000, (count) =>
        Number.isInteger(count) ? { ...settings, massChange: { ...settings.massChange, count } } : undefined,
      ),
  },
};

/** All settings by name. */
export function listSettings(settings: Settings): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(keys).map(([key, { read }]) => [key, read(settings)]));
}

/** Changes one by name and resolves, once that is durable, to its value; rejects with SyncError `not-found` or `bad-argument`. */
export async function changeSetting(
  store: SettingsStore,
  key: string,
  value: string,
): Promise<Readonly<Record<string, string | number>>> {
  const setting = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (setting === undefined) throw new SyncError('not-found', { what: 'setting', text: key });
  if (setting.write(store.current(), value) === undefined)
    throw new SyncError('bad-argument', { what: key, text: value });
  const settings = await store.change((all) => setting.write(all, value) ?? all);
  return { [key]: setting.read(settings) };
}

function withNumber(
  value: string,
  least: number,
  most: number,
  change: (number: number) => Settings | undefined,
): Settings | undefined {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return number >= least && number <= most ? change(number) : undefined;
}

function changed(settings: Settings, versions: Partial<Settings['versions']>): Settings {
  return { ...settings, versions: { ...settings.versions, ...versions } };
}
