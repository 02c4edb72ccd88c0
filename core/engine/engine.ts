/** Front door of `engine`: a whole device, and nothing else of `core` that `app` and `e2e` may use. */
export type {
  ActivityItem,
  ApiMethod,
  ConflictListing,
  ConflictVersion,
  DeviceChange,
  DirectoryItem,
  DeviceIdentity,
  DeviceListing,
  EngineApi,
  EngineEvent,
  FolderListing,
  FolderStatus,
  Group,
  GroupEvent,
  HistoryVersion,
  IgnoreRule,
  Invitation,
  Limits,
  NearbyDevice,
  PairStep,
  PathExplanation,
  PathProblem,
  PathProblemKind,
  PathReason,
  PeerStatus,
  Question,
  QuestionAnswer,
  RemovalPreview,
  RestoreResult,
  ScheduleEntry,
  Status,
  StatusFacts,
  Weekday,
} from './api.ts';
export { formatScheduleEntry, leastRateBps, parseRate, type Rate, weekdays } from '../limits/limits.ts';
export { scheduleOf } from './setting-keys.ts';
export type { Device, DeviceOptions } from './device-options.ts';
export type { KeyKeeping, KeyPlace, SecretStore } from './key-keeping.ts';
export { readIdentity, startDevice } from './device.ts';
export { collectAtRest } from '../base/base.ts';
