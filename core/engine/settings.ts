import { z } from 'zod';
import type { DiskPath, FileSystem } from '../filesystem/filesystem.ts';
import { joinDisk, readWholeFile, writeFileAtomically } from '../filesystem/filesystem.ts';
import {
  leastRateBps,
  maxScheduleEntries,
  mostRateBps,
  type Rate,
  type ScheduleEntry,
  weekdays,
} from '../limits/limits.ts';
import { SyncError } from '../model/errors.ts';
import { type MassChangeLimits, massChangeLimits } from '../plan/plan.ts';
import { keyStorages } from '../protocol/protocol.ts';

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));

const massChangeShare = z.number().min(0.01).max(1);
const massChangeCount = z.number().int().min(0).max(1_000_000_000);

/** From how much on other devices' removals and replacements are asked about: both must be exceeded. */
const massChangeSchema = z.object({
  share: massChangeShare.default(massChangeLimits.share),
  count: massChangeCount.default(massChangeLimits.count),
});

const folderSchema = z.object({
  id: hex(32),
  name: z.string(),
  path: z.string(),
  pausedUntil: z.union([z.number(), z.literal('until-resumed')]).optional(),
  /** Raised at every start and kept in the index too: a restored or copied index does not know the last one. */
  generation: z.number().int().default(0),
  /** This folder was added here, so it may be offered before anybody has confirmed it. */
  addedHere: z.boolean().default(true),
  mode: z.enum(['both', 'send', 'receive']).default('both'),
  /** The top directories held here; all where there is none. */
  selection: z.array(z.string()).optional(),
  /** In place of the device's own, each by itself. */
  massChange: z.object({ share: massChangeShare.optional(), count: massChangeCount.optional() }).optional(),
});

const deviceSchema = z.object({
  key: hex(64),
  /** What its owner calls it. */
  claimedName: z.string().optional(),
  /** Where it says it keeps its key. */
  keyStorage: z.enum(keyStorages).optional(),
  /** What it is called here. */
  alias: z.string().optional(),
  /** Where it was reached last, and what a person told us. */
  addresses: z.array(z.object({ address: z.string(), origin: z.enum(['person', 'sighting']) })).default([]),
  lastSeenAt: z.number().optional(),
});

/** What is kept of what sync replaced or removed. */
const versionsSchema = z.object({
  keepDays: z.number().min(1).max(36_500).default(30),
  /** Of the disk a folder lies on. */
  maxShare: z.number().min(0.001).max(0.9).default(0.1),
});

const rateSchema = z.union([z.number().int().min(leastRateBps).max(mostRateBps), z.null()]);

/** How fast this device may be, bytes per second; null is as fast as it goes. */
const limitsSchema = z.object({
  sendBps: rateSchema.default(null),
  receiveBps: rateSchema.default(null),
  /** Devices on the same local network do not count. */
  lanExempt: z.boolean().default(true),
});

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/;
const scheduleTimes = {
  days: z.array(z.enum(weekdays)).min(1).max(weekdays.length),
  from: z.string().regex(timeOfDay),
  to: z.union([z.string().regex(timeOfDay), z.literal('24:00')]),
};

/** The times of the week at which this device rests or is held to rates. */
const scheduleSchema = z
  .array(
    z
      .discriminatedUnion('does', [
        z.object({ ...scheduleTimes, does: z.literal('pause') }),
        z.object({
          ...scheduleTimes,
          does: z.literal('limit'),
          sendBps: rateSchema,
          receiveBps: rateSchema,
        }),
      ])
      .refine(({ from, to }) => from !== to, { path: ['to'] })
      .refine((entry) => entry.does === 'pause' || entry.sendBps !== null || entry.receiveBps !== null, {
        path: ['sendBps'],
      }),
  )
  .max(maxScheduleEntries);

const settingsSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  pausedUntil: z.union([z.number(), z.literal('until-resumed')]).optional(),
  limits: limitsSchema.prefault({}),
  schedule: scheduleSchema.default([]),
  /** A person resumed while the schedule rested: it does not hold between these moments, wall milliseconds. */
  scheduleSkipped: z.object({ from: z.number(), until: z.number() }).optional(),
  /** The port to listen on again, so that others find us where we were. */
  port: z.number().int().min(0).max(65_535).default(0),
  versions: versionsSchema.prefault({}),
  massChange: massChangeSchema.prefault({}),
  folders: z.array(folderSchema).default([]),
  devices: z.array(deviceSchema).default([]),
});

/** What a device remembers apart from its key, its group and its folders' indexes. */
export type Settings = z.infer<typeof settingsSchema>;
/** A folder attached here. */
export type FolderSettings = z.infer<typeof folderSchema>;
/** What is remembered of another device. */
export type DeviceSettings = z.infer<typeof deviceSchema>;

/** The limits of a folder: its own where it has some, else the device's. */
export function massChangeLimitsOf(settings: Settings, folder: FolderSettings | undefined): MassChangeLimits {
  const { share, count } = settings.massChange;
  return { share: folder?.massChange?.share ?? share, count: folder?.massChange?.count ?? count };
}

/** Whether these could be limits of a folder; null stands for the device's. */
export function areMassChangeLimits({ share, count }: MassChangeChoice): boolean {
  return (
    massChangeShare.nullish().safeParse(share).success && massChangeCount.nullish().safeParse(count).success
  );
}

/** Limits as a person sets them: what is missing stays. */
export interface LimitsChoice {
  readonly sendBps?: Rate;
  readonly receiveBps?: Rate;
  readonly lanExempt?: boolean;
  readonly schedule?: readonly ScheduleEntry[];
}

/** The settings with other limits. Throws SyncError `bad-argument` with the place and the value that makes no sense, such as `schedule.1.to`. */
export function withLimits(settings: Settings, { schedule, ...rates }: LimitsChoice): Settings {
  const checked = z.object({ limits: limitsSchema, schedule: scheduleSchema }).safeParse({
    limits: { ...settings.limits, ...rates },
    schedule: schedule ?? settings.schedule,
  });
  if (checked.success) return { ...settings, ...checked.data };
  const place = checked.error.issues[0]?.path ?? [];
  const value = place.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], {
    limits: { ...settings.limits, ...rates },
    schedule,
  });
  throw new SyncError('bad-argument', { what: place.join('.'), text: String(value) });
}

/** LIMIT: thousands of folders and devices stay far below this. */
const maxSettingsBytes = 4 * 1024 * 1024;

/** What a person sets of a folder's limits: what is missing stays, null goes back to the device's. */
export interface MassChangeChoice {
  readonly share?: number | null;
  readonly count?: number | null;
}

/** The settings and the one way to change them. */
export interface SettingsStore {
  current(): Settings;
  /** Changes the settings and writes them whole; durable when it resolves. Changes are written in the order they were asked for. */
  change(edit: (settings: Settings) => Settings): Promise<Settings>;
}

/** Reads `settings.json` in `home`, or starts with a device named `name`. Throws SyncError `home-unusable`, with the `code` of the first place that makes no sense, such as `schedule.1.to`, if the file is not what we wrote. */
export function openSettings(fileSystem: FileSystem, home: DiskPath, name: string): SettingsStore {
  const path = joinDisk(home, 'settings.json');
  let settings = readSettings(fileSystem, path) ?? settingsSchema.parse({ version: 1, name });
  let writing: Promise<unknown> = Promise.resolve();
  return {
    current: () => settings,
    change(edit) {
      settings = settingsSchema.parse(edit(settings));
      const bytes = new TextEncoder().encode(`${JSON.stringify(settings, undefined, 2)}\n`);
      const written = writing.then(() => writeFileAtomically(fileSystem, path, bytes, 0o600));
      writing = written.catch(() => {});
      return written.then(() => settings);
    },
  };
}

function readSettings(fileSystem: FileSystem, path: DiskPath): Settings | undefined {
  const bytes = readWholeFile(fileSystem, path, { maxBytes: maxSettingsBytes });
  if (bytes === undefined) return undefined;
  try {
    return settingsSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const place = cause instanceof z.ZodError ? cause.issues[0]?.path.join('.') : undefined;
    const facts = place === undefined ? { path } : { path, code: place };
    throw new SyncError('home-unusable', facts, { retry: 'after-user', cause });
  }
}
