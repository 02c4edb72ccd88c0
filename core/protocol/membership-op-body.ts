import { bytesToHex, compareText, hexToBytes } from '../base/pure.ts';
import { type DeviceKey, type FolderId, folderId, type Hash } from '../model/ids.ts';
import type { CborValue } from './cbor.ts';
import {
  misshapen,
  readBytes,
  readChoice,
  readDeviceKey,
  readDeviceKeyOrNone,
  readHash,
  readHashOrNone,
  readSortedList,
  readTuple,
} from './cbor-read.ts';
import { keyToBytes, optionalBytes } from './hash-bytes.ts';

/** What one operation of the membership log does. */
export type OpBody =
  | { readonly kind: 'genesis'; readonly recoveryKey: DeviceKey | undefined; readonly nonce: Uint8Array }
  | {
      readonly kind: 'admit';
      readonly key: DeviceKey;
      readonly method: PairingMethod;
      readonly transcript: Hash;
      readonly consent: Uint8Array;
    }
  | { readonly kind: 'revoke'; readonly targets: readonly RevokeTarget[]; readonly reason: RevokeReason }
  | { readonly kind: 'reset'; readonly keep: readonly DeviceKey[] }
  | {
      readonly kind: 'folder';
      readonly folderId: FolderId;
      readonly verb: 'create' | 'grant' | 'withdraw';
      /** Whom a grant or withdrawal is about; undefined means every device. */
      readonly key: DeviceKey | undefined;
      readonly mode: FolderMode;
      /** Hash of the list that says up to where the file changes of `key` stand that may not change the folder any more. */
      readonly cut: Hash | undefined;
    }
  | { readonly kind: 'merge' }
  /** The device was silent for so long that nobody waits for it any more; it ends with the device's next operation that has seen it. */
  | { readonly kind: 'lapse'; readonly key: DeviceKey }
  /** Written by a later version: kept, passed on, without effect here. */
  | { readonly kind: 'unknown'; readonly type: number };

/** How a device came to be trusted: by comparing six digits, by an invitation, or by typing its key. */
export type PairingMethod = 'sas' | 'invite' | 'typed';
/** Whether a device may change a folder or only receive it. */
export type FolderMode = 'ro' | 'rw';
/** Why a device is removed. */
export type RevokeReason = 'lost' | 'stolen' | 'retired';

/** One device that a revocation removes. */
export interface RevokeTarget {
  readonly key: DeviceKey;
  /** The last operation whose own past still stands; undefined: all that the revoker had seen. */
  readonly keep: Hash | undefined;
  /** Hash of the list that says up to where the device's file changes stand. */
  readonly cut: Hash | undefined;
}

/** LIMITS of the two bodies that are lists; the envelope's own limit may be reached before. */
export const bodyLimits = { maxRevokeTargets: 48, maxResetKeep: 64 } as const;

const methods: readonly PairingMethod[] = ['sas', 'invite', 'typed'];
const reasons: readonly RevokeReason[] = ['lost', 'stolen', 'retired'];
const verbs = ['create', 'grant', 'withdraw'] as const;
const modes: readonly FolderMode[] = ['ro', 'rw'];
const kinds = ['genesis', 'admit', 'revoke', 'reset', 'folder', 'merge', 'lapse'] as const;

/** The number a body's kind has in a payload. */
export function typeOfBody(body: OpBody): number {
  return body.kind === 'unknown' ? body.type : kinds.indexOf(body.kind);
}

/** A body as it stands in a payload. */
export function bodyToCbor(body: OpBody): CborValue {
  switch (body.kind) {
    case 'genesis':
      return [optionalBytes(body.recoveryKey), body.nonce];
    case 'admit':
      return [keyToBytes(body.key), methods.indexOf(body.method), keyToBytes(body.transcript), body.consent];
    case 'revoke': {
      const targets = body.targets.toSorted((a, b) => compareText(a.key, b.key));
      return [
        targets.map(({ key, keep, cut }) => [keyToBytes(key), optionalBytes(keep), optionalBytes(cut)]),
        reasons.indexOf(body.reason),
      ];
    }
    case 'reset':
      return [body.keep.toSorted(compareText).map(keyToBytes)];
    case 'folder':
      return [
        hexToBytes(body.folderId),
        verbs.indexOf(body.verb),
        optionalBytes(body.key),
        modes.indexOf(body.mode),
        optionalBytes(body.cut),
      ];
    case 'lapse':
      return [keyToBytes(body.key)];
    case 'merge':
    case 'unknown':
      return [];
  }
}

/** The body of a payload of that type; a type from a later version keeps nothing of it. Throws SyncError `peer-misbehaved` for a wrong form. */
export function cborToBody(type: number, value: CborValue): OpBody {
  const kind = kinds[type] ?? 'unknown';
  switch (kind) {
    case 'genesis': {
      const [recovery, nonce] = readTuple(value, 2, 'genesis');
      const recoveryKey = readDeviceKeyOrNone(recovery, 'genesis-recovery');
      return {
        kind,
        recoveryKey,
        nonce: readBytes(nonce, 16, 16, 'genesis-nonce'),
      };
    }
    case 'admit': {
      const [key, method, transcript, consent] = readTuple(value, 4, 'admit');
      return {
        kind,
        key: readDeviceKey(key, 'admit-key'),
        method: readChoice(method, methods, 'admit-method'),
        transcript: readHash(transcript, 'admit-transcript'),
        consent: readBytes(consent, 64, 64, 'admit-consent'),
      };
    }
    case 'revoke': {
      const [targets, reason] = readTuple(value, 2, 'revoke');
      return {
        kind,
        targets: readSortedList(
          targets,
          { min: 1, max: bodyLimits.maxRevokeTargets },
          readTarget,
          ({ key }) => key,
          'revoke-targets',
        ),
        reason: readChoice(reason, reasons, 'revoke-reason'),
      };
    }
    case 'reset': {
      const [keep] = readTuple(value, 1, 'reset');
      return {
        kind,
        keep: readSortedList(
          keep,
          { min: 1, max: bodyLimits.maxResetKeep },
          (item) => readDeviceKey(item, 'reset-keep'),
          String,
          'reset-keep',
        ),
      };
    }
    case 'folder': {
      const [id, verbValue, keyValue, mode, cutValue] = readTuple(value, 5, 'folder');
      const key = readDeviceKeyOrNone(keyValue, 'folder-key');
      const verb = readChoice(verbValue, verbs, 'folder-verb');
      if (verb === 'create' && key !== undefined) throw misshapen('folder-key');
      const cut = readHashOrNone(cutValue, 'folder-cut');
      if (cut !== undefined && key === undefined) throw misshapen('folder-cut');
      return {
        kind,
        folderId: folderId(bytesToHex(readBytes(id, 16, 16, 'folder-id'))),
        verb,
        key,
        mode: readChoice(mode, modes, 'folder-mode'),
        cut,
      };
    }
    case 'merge':
      readTuple(value, 0, 'merge');
      return { kind };
    case 'lapse': {
      const [key] = readTuple(value, 1, 'lapse');
      return { kind, key: readDeviceKey(key, 'lapse-key') };
    }
    case 'unknown':
      return { kind, type };
  }
}

function readTarget(value: CborValue): RevokeTarget {
  const [key, keep, cut] = readTuple(value, 3, 'revoke-target');
  return {
    key: readDeviceKey(key, 'revoke-key'),
    keep: readHashOrNone(keep, 'revoke-keep'),
    cut: readHashOrNone(cut, 'revoke-cut'),
  };
}
