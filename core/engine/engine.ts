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
  NearbyDevice,
  PairStep,
  PathExplanation,
  PathProblem,
  PeerStatus,
  Question,
  QuestionAnswer,
  RemovalPreview,
  RestoreResult,
  Status,
} from './api.ts';
export type { Device, DeviceOptions } from './device-options.ts';
export type { KeyKeeping, KeyPlace, SecretStore } from './key-keeping.ts';
export { readIdentity, startDevice } from './device.ts';
