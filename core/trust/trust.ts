/** Front door of `trust`: who a device is, who belongs to the group, and how a new device gets in. Touches no disk and no socket. */
export { createIdentity, type Identity, isUsableKey, verifyStrict } from './identity.ts';
export {
  maxSealedKeyBytes,
  openSealedSeed,
  readSealedKey,
  type SealedKeyHead,
  type SealKind,
  sealSeed,
} from './sealed-key.ts';
export { newPassphraseHandle, passphraseToSecret } from './passphrase.ts';
export { deviceKeyBegins, deviceKeyToText, keyWords, textToDeviceKey } from './device-key-text.ts';
export {
  recoveryKeyFromSeed,
  recoverySeedBytes,
  recoverySeedToWords,
  wordsToRecoverySeed,
} from './recovery.ts';
export {
  type AddResult,
  createMembershipLog,
  type LogLimits,
  logLimits,
  type MembershipLog,
  type TrustAlarm,
} from './membership-log.ts';
export type { Membership } from './resolve.ts';
export { type AddedDevice, maxTargetsInRevocation, type Removers, type Voided } from './removal.ts';
export { type DeviceGrant, type FolderAccess, folderAccess, type FolderGrants } from './folder-grants.ts';
export type { OpFault } from './validity.ts';
export type { OpPlace } from './next-place.ts';
export {
  createAdmit,
  createFolderOp,
  createGenesis,
  createLapse,
  createMerge,
  createReset,
  createRevoke,
  type OpContext,
} from './build-op.ts';
export { createStatement, createStatementStore, type StatementStore } from './statements.ts';
export { type Hearing, hearingOf } from './hearing.ts';
export { exchangeTrust, type TrustExchangeInput, type TrustExchangeResult } from './trust-exchange.ts';
export type { TrustSession } from './trust-session.ts';
export type { Consent } from './consents.ts';
export { createCutStore, type Cut, type CutStore } from './cuts.ts';
export {
  createEvidenceGate,
  type EvidenceGate,
  evidenceLimits,
  type Standing,
  standingBetween,
} from './evidence.ts';
export { type Invitation, invitationToText, textToInvitation } from './invitation.ts';
export { createInvitationBook, type InvitationBook, invitationLifeMs } from './invitation-book.ts';
export { hostPairing, type HostPairingResult } from './pair-host.ts';
export type { HostPairingInput, JoinRequest, NearbyHost } from './pair-host-input.ts';
export type { JoinInput, JoinOffer, JoinResult } from './pair-join.ts';
export { type InvitedJoinInput, joinByInvitation } from './pair-invite.ts';
export { digitsTimeoutMs, joinNearby, maxDigitTries, type NearbyJoinInput } from './pair-nearby.ts';
export { type AllowedJoinInput, mayHostAllowed, joinAllowed } from './pair-typed.ts';
export { type PairingEnd, pairingRefused } from './pair-channel.ts';
export {
  createNearbyOpening,
  maxDroppedSessions,
  nearbyOpenMs,
  type NearbyOpening,
} from './nearby-opening.ts';
export { type AllowedDevices, allowLifeMs, createAllowedDevices } from './allowed-devices.ts';
export { createPairingRate, type PairingRate } from './pairing-rate.ts';
