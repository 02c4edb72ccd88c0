import {
  formatScheduleEntry,
  parseRate,
  parseSchedule,
  type ScheduleEntry,
  ScheduleTextError,
} from '../limits/limits.ts';
import { SyncError } from '../model/errors.ts';
import { type Settings, type SettingsStore, withLimits } from './settings.ts';

type Value = string | number | boolean;

/** A setting that people may read and change by name. */
interface SettingKey {
  read(settings: Settings): Value;
  /** The settings with it changed; undefined if `value` makes no sense, or SyncError `bad-argument` that says which part of it. */
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
  'limits.sendBps': rateKey('sendBps'),
  'limits.receiveBps': rateKey('receiveBps'),
  'limits.lanExempt': {
    read: ({ limits }) => limits.lanExempt,
    write: (settings, value) =>
      value === 'true' || value === 'false'
        ? withLimits(settings, { lanExempt: value === 'true' })
        : undefined,
  },
  schedule: {
    read: ({ schedule }) => schedule.map(formatScheduleEntry).join('; ') || 'none',
    write: ({ scheduleSkipped: _, ...settings }, value) =>
      withLimits(settings, { schedule: scheduleOf(value) }),
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
export function listSettings(settings: Settings): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(keys).map(([key, { read }]) => [key, read(settings)]));
}

/** Changes one by name and resolves, once that is durable, to its value; rejects with SyncError `not-found` or `bad-argument`. */
export async function changeSetting(
  store: SettingsStore,
  key: string,
  value: string,
): Promise<Readonly<Record<string, Value>>> {
  const setting = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (setting === undefined) throw new SyncError('not-found', { what: 'setting', text: key });
  if (setting.write(store.current(), value) === undefined)
    throw new SyncError('bad-argument', { what: key, text: value });
  const settings = await store.change((all) => setting.write(all, value) ?? all);
  return { [key]: setting.read(settings) };
}

/** A rate, bytes per second; 0 is as fast as it goes. */
function rateKey(key: 'sendBps' | 'receiveBps'): SettingKey {
  return {
    read: ({ limits }) => limits[key] ?? 0,
    write(settings, value) {
      const rate = parseRate(value);
      return rate === undefined ? undefined : withLimits(settings, { [key]: rate });
    },
  };
}

/** A schedule as a person writes it, see {@link parseSchedule}; throws SyncError `bad-argument` with the part that is none and the `reason`. */
export function scheduleOf(text: string): readonly ScheduleEntry[] {
  try {
    return parseSchedule(text);
  } catch (error) {
    if (!(error instanceof ScheduleTextError)) throw error;
    throw new SyncError('bad-argument', { what: 'schedule', text: error.part, reason: error.fault });
  }
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
