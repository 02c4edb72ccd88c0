/**
 * Every message between the window, the main process and the engine's process, in one place.
 *
 *   window  ──port──  engine process      requests of `WindowMethods`, answers, pictures
 *   window  ──ipc───  main process        requests of `ShellMethods`, notes of `ShellNote`
 *   main    ──port──  engine process      the same as the window's port: the tray is a second, smaller window
 *   main    ──parent──  engine process    `HostCommand` and `HostReport`
 *
 * Who checks what: main takes requests only from the main frame of its own page and checks their form; the engine's process
 * checks the form of every request on a port as it would a stranger's. The window is the least trusted of the three, so it
 * never says a disk path, and what cannot be taken back it can only wish for: main asks the person (`asks.ts`). For a directory it asks main to let a person choose a directory, gets a token for it, and the engine's process, which
 * main told the path, puts the path in the token's place. A token is used once. A path in a folder it names as `FOLDERID:relative/path`.
 */
import { z } from 'zod';
import type {
  ActivityItem,
  ApiMethod,
  DeviceListing,
  FolderListing,
  FolderStatus,
  Group,
  Question,
  Status,
} from '../../core/engine/engine.ts';
import type { ParamsOf, ResultOf, WireError } from '../control/control.ts';

export type { ErrorCode } from '../../core/model/errors.ts';
export type {
  ActivityItem,
  ConflictListing,
  ConflictVersion,
  DeviceChange,
  DeviceListing,
  DirectoryItem,
  FolderListing,
  FolderStatus,
  Group,
  GroupEvent,
  HistoryVersion,
  IgnoreRule,
  Limits,
  NearbyDevice,
  PairStep,
  PathExplanation,
  PathProblem,
  PathProblemKind,
  PathReason,
  Question,
  QuestionAnswer,
  RestoreResult,
  ScheduleEntry,
  StatusFacts,
  Weekday,
} from '../../core/engine/engine.ts';
export type { WireError } from '../control/control.ts';
export type { Ask, Asking, AskMethods } from './asks.ts';

/** Methods of the engine that a window may use just as they are; `callMethod` of `control` knows the form of each. */
export const passedOn = [
  'id',
  'resume',
  'limits',
  'limitsSet',
  'groupHistory',
  'folderSet',
  'ignoreList',
  'ignoreAdd',
  'ignoreRemove',
  'folderRemove',
  'folderPause',
  'folderResume',
  'deviceJoin',
  'deviceNearby',
  'devicePairNext',
  'devicePairAnswer',
  'deviceRemovalPreview',
  'deviceChanges',
  'deviceChangesUndo',
  'deviceApprove',
  'deviceRefuse',
  'deviceRename',
  'conflictList',
  'conflictResolve',
  'conflictMerge',
  'undo',
  'activity',
  'answer',
  'settingsList',
  'settingsSet',
] as const satisfies readonly ApiMethod[];

/** Methods that only main itself may use, once it has asked the person in a window of its own. */
export const mainOnly = ['groupLeave', 'deviceRemove', 'recover'] as const satisfies readonly ApiMethod[];

const place = z.uuid();
const text = z.string().min(1).max(1024);

/** How long syncing rests: an hour, until six in the morning of tomorrow, or until a person resumes it. */
const pauseSpan = z.enum(['hour', 'tomorrow', 'open']);
export type PauseSpan = z.infer<typeof pauseSpan>;

/** A path in a folder, or with nothing after the colon the folder itself: never a path of the disk. */
const inFolder = z
  .string()
  .max(16 * 1024)
  .regex(/^[0-9a-f]{32}:/);
const moment = z.iso.datetime({ precision: 3 });

/** Methods of the engine that take a path: as the engine has them, but for what the path may be. */
export const pathForms = {
  history: z.strictObject({ path: inFolder }),
  browse: z.strictObject({
    path: inFolder,
    at: moment.exactOptional(),
    after: text.exactOptional(),
    limit: z.int().positive().max(10_000).exactOptional(),
  }),
  versionRead: z.strictObject({
    path: inFolder,
    version: text,
    offset: z.int().nonnegative().exactOptional(),
    lengthBytes: z.int().positive().exactOptional(),
  }),
  restore: z.strictObject({
    path: inFolder,
    version: text.exactOptional(),
    at: moment.exactOptional(),
    to: inFolder.exactOptional(),
    dryRun: z.boolean().exactOptional(),
  }),
  why: z.strictObject({ path: inFolder }),
  ignoreTest: z.strictObject({ path: inFolder }),
};

/** Methods of the engine that a window uses in a form of their own, because it may not say a disk path or has no say in the time. */
export const ownForms = {
  pause: z.strictObject({ span: pauseSpan }),
  folderAdd: z.strictObject({ place }),
  folderJoin: z.strictObject({ folder: text, place }),
  /** A group that is founded by these has a recovery code, which main shows; the answers to a window never hold it. */
  groupCreate: z.undefined(),
  deviceInvite: z.undefined(),
  devicePair: z.strictObject({ device: text }),
  deviceAllow: z.strictObject({ device: text }),
};

type PassedOn = (typeof passedOn)[number];
type WithoutWords<T> = T extends { readonly recoveryCode?: string } ? Omit<T, 'recoveryCode'> : T;

/** What may be asked over a port: method → what it takes and what it resolves to. */
export type WindowMethods = {
  readonly [M in PassedOn]: { readonly takes: ParamsOf<M>; readonly gives: WithoutWords<ResultOf<M>> };
} & {
  readonly [M in keyof typeof ownForms]: {
    readonly takes: z.infer<(typeof ownForms)[M]>;
    readonly gives: WithoutWords<ResultOf<M>>;
  };
} & {
  readonly [M in keyof typeof pathForms]: {
    readonly takes: z.infer<(typeof pathForms)[M]>;
    readonly gives: ResultOf<M>;
  };
};

/** What main may ask over its own port. */
export type MainMethods = WindowMethods & {
  readonly [M in (typeof mainOnly)[number]]: { readonly takes: ParamsOf<M>; readonly gives: ResultOf<M> };
};

/** To the engine's process over a port. `cancel` ends the waiting of an earlier request; it answers `interrupted` then. That of `devicePair` ends the pairing, also once it was answered. */
export const portRequest = z.union([
  z.strictObject({
    kind: z.literal('ask'),
    id: z.int().nonnegative(),
    method: z.string().max(64),
    params: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('cancel'), id: z.int().nonnegative() }),
]);
export type PortRequest = z.infer<typeof portRequest>;

/** From the engine's process over a port; a picture comes at once and after every change. */
export type PortReply =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'picture'; readonly picture: Picture };

/** Everything that a window or the tray shows, true at one moment. */
export interface Picture {
  readonly status: Omit<Status, 'folders'>;
  /** Folders held here; at most a hundred problems of each. */
  readonly folders: readonly PictureFolder[];
  /** Folders of the group that are not held here. */
  readonly offered: readonly FolderListing[];
  readonly devices: readonly DeviceListing[];
  readonly group: Group;
  /** What waits for a person, oldest first; at most a hundred. */
  readonly questions: readonly Question[];
  /** The last things that happened, newest first. */
  readonly recent: readonly ActivityItem[];
}

/** A folder's status with what did not fit its list of problems, and the top directories that are kept here, null for all. */
export type PictureFolder = FolderStatus & {
  readonly moreProblems: number;
  readonly selection: readonly string[] | null;
};

/** A directory a person has chosen. */
export interface ChosenPlace {
  readonly place: string;
  /** To be shown only. */
  readonly shownPath: string;
  readonly isEmpty: boolean;
}

const languages = z.enum(['en', 'de', 'zh']);
/** A language that all words exist in. */
export type Language = z.infer<typeof languages>;
export const languageChoices = z.enum(['system', ...languages.options]);
/** Which of them is spoken; `system`: the one the user's system prefers. */
export type LanguageChoice = z.infer<typeof languageChoices>;

export const themes = z.enum(['system', 'light', 'dark']);
/** In which colours the window is. */
export type Theme = z.infer<typeof themes>;

const screens = z.enum(['folders', 'devices', 'conflicts', 'history', 'activity', 'settings']);
/** A screen of the window. */
export type Screen = z.infer<typeof screens>;

const faultPlaces = z.enum([...screens.options, 'window']);
/** A part of the window that can fail by itself. */
export type FaultPlace = z.infer<typeof faultPlaces>;

/** What the window may ask of main, over the channel `shell:NAME`: the form of what it takes. */
export const shellForms = {
  /** Asks for the port to the engine, which arrives as a message of its own, and for the latest note. */
  connectEngine: z.undefined(),
  /** Lets a person choose a directory; null if they think better of it. */
  chooseDirectory: z.strictObject({ purpose: z.enum(['add', 'join']), name: text.exactOptional() }),
  /** Shows a folder held here in the system's file manager. */
  openFolder: z.strictObject({ folderId: text }),
  /** Opens a copy of a version, read-only and outside of any folder, with the program the system has for it; of what could be a program the copy is only shown. */
  openCopy: z.strictObject({ path: inFolder, version: text }),
  /** Puts a text on the clipboard. */
  copyText: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(16 * 1024),
  }),
  /** Starts the engine again after it was given up. */
  restartEngine: z.undefined(),
  /** Removes devices for good, once the person has typed the first one's name in a window of main's own. `null` if they think better of it, here and in the next two. */
  removeDevices: z.strictObject({
    devices: z.array(text).min(1).max(256).readonly(),
    reason: z.enum(['lost', 'stolen', 'retired']).exactOptional(),
    voidSince: moment.exactOptional(),
    undoSince: moment.exactOptional(),
  }),
  /** Keeps exactly these devices, by the recovery words, which the person types in a window of main's own. */
  recover: z.strictObject({ keep: z.array(text).min(1).max(256).readonly() }),
  /** Leaves the group; with `anew` this device gets a new key too, as one that was removed needs to be let in again. */
  leaveGroup: z.strictObject({ anew: z.boolean() }),
  /** What this program is set to, apart from the device. */
  readSettings: z.undefined(),
  changeSettings: z.strictObject({
    theme: themes.exactOptional(),
    language: languageChoices.exactOptional(),
    notifications: z.boolean().exactOptional(),
    autostart: z.boolean().exactOptional(),
    isSetUp: z.boolean().exactOptional(),
  }),
  /** Writes what helps to find a fault into a file that the person chooses; no secret key, no recovery words, no content. */
  saveReport: z.undefined(),
  /** Notes that a part of the window failed: what kind of error, and where in the page's own scripts. The form leaves no room for what was shown. */
  reportFault: z.strictObject({
    where: faultPlaces,
    name: z.string().regex(/^\w{1,64}$/),
    frames: z
      .array(z.string().regex(/^[\w./-]{1,160}:\d{1,9}:\d{1,9}$/))
      .max(20)
      .readonly(),
  }),
  /** The answer to where a new device keeps its key, where the system has no store for it: in the open. Counts only while that is asked. */
  keepKeyPlain: z.undefined(),
};

/** What this program is set to. */
export interface AppSettings {
  readonly theme: Theme;
  readonly language: LanguageChoice;
  /** The language that is spoken with the region its numbers and times are written for, as a BCP 47 tag such as `de-AT`. */
  readonly locale: string;
  readonly notifications: boolean;
  readonly autostart: boolean;
  /** Whether the first steps are done. */
  readonly isSetUp: boolean;
  readonly version: string;
}

interface ShellResults {
  readonly connectEngine: EngineState;
  readonly chooseDirectory: ChosenPlace | null;
  readonly openFolder: { readonly opened: boolean };
  readonly openCopy: { readonly opened: boolean; readonly error?: WireError };
  readonly copyText: Record<string, never>;
  readonly restartEngine: Record<string, never>;
  readonly removeDevices: ResultOf<'deviceRemove'> | null;
  readonly recover: ResultOf<'recover'> | null;
  readonly leaveGroup: Record<string, never> | null;
  readonly readSettings: AppSettings;
  readonly changeSettings: AppSettings;
  readonly saveReport: { readonly saved: boolean; readonly error?: WireError };
  readonly reportFault: Record<string, never>;
  readonly keepKeyPlain: Record<string, never>;
}

/** What may be asked of main: method → what it takes and what it resolves to. */
export type ShellMethods = {
  readonly [M in keyof typeof shellForms]: {
    readonly takes: z.infer<(typeof shellForms)[M]>;
    readonly gives: ShellResults[M];
  };
};

/** How the engine's process is, as main knows it. */
export type EngineState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  /** It ended and is about to be started again. */
  | { readonly kind: 'restarting' }
  /** It cannot start: why is in `error`, and a person has to do something. */
  | { readonly kind: 'refused'; readonly error: WireError }
  /** It ended too often. */
  | { readonly kind: 'given-up' };

/** What a screen should show: a path in a folder. */
export interface Target {
  readonly folderId: string;
  readonly path: string;
}

/** What main tells the window unasked. */
export type ShellNote =
  | { readonly kind: 'engine'; readonly state: EngineState }
  | { readonly kind: 'go-to'; readonly screen: Screen; readonly target?: Target };

/** What the preload script puts before the page as `window.shell`. */
export interface Shell {
  readonly platform: string;
  ask<M extends keyof ShellMethods>(
    method: M,
    params: ShellMethods[M]['takes'],
  ): Promise<ShellMethods[M]['gives']>;
  /** One listener; the port itself comes by `window` message, because only messages carry ports. */
  onNote(listener: (note: ShellNote) => void): void;
}

/** The `data` of the window message that carries a new port to the engine. */
export type PortMessage = 'lockstep-engine-port';

/** Who is at the other end of a port. */
export type Audience = 'window' | 'main';

/** Main to the engine's process. `attach` comes with a port. */
export type HostCommand =
  | { readonly kind: 'attach'; readonly audience: Audience }
  | { readonly kind: 'place'; readonly place: string; readonly path: string }
  /** The machine slept. */
  | { readonly kind: 'woke' }
  /** Whether the machine runs on its battery; an engine that was not told takes it that it does not. */
  | { readonly kind: 'battery'; readonly isOn: boolean }
  | {
      readonly kind: 'seal-answer';
      readonly id: number;
      readonly done: true;
      readonly bytes: Uint8Array;
      /** The store wants it sealed anew. */
      readonly isStale: boolean;
    }
  | { readonly kind: 'seal-answer'; readonly id: number; readonly done: false }
  | { readonly kind: 'stop' };

/** The engine's process to main. After `refused` it ends by itself. `seal` and `unseal` ask for what only main can do, for the secret that opens the device key; no window sees it. */
export type HostReport =
  | { readonly kind: 'started' }
  | { readonly kind: 'seal' | 'unseal'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly error: WireError }
  /** The recovery words of a group that was just founded: told this once, for main to show. */
  | { readonly kind: 'recovery-words'; readonly words: string };
