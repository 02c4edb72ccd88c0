import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from '../base/pure.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import {
  bytesToDeviceKey,
  type CborValue,
  decodeCanonical,
  encodeCanonical,
  keyToBytes,
  misshapen,
  prefixed,
  readBytes,
  readInteger,
  readList,
  readTuple,
} from '../protocol/protocol.ts';
import { isUsableKey } from './identity.ts';
import { bytesToKeyText, keyTextToBytes, tidyKeyText } from './key-text.ts';

/** What an invitation says: whom to call, where, and the secret that proves that one holds it. */
export interface Invitation {
  readonly hostKey: DeviceKey;
  /** 16 bytes; whoever knows them may ask to join, once. */
  readonly secret: Uint8Array;
  /** Multiaddrs without the peer id, at most {@link maxInvitationAddresses}. */
  readonly addresses: readonly string[];
}

/** LIMIT: addresses in an invitation, so that it stays short enough to be pasted or shown as a picture. */
export const maxInvitationAddresses = 4;

const invitationVersion = 1;
const maxTextCharacters = 4096;
const maxAddressBytes = 100;
const printableAddress = /^(\/[!-.0-~]+)+$/;
const tcpOverIp4 = /^\/ip4\/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/tcp\/(\d{1,5})$/;

/** An invitation as text without spaces, about 110 characters with one address. Addresses that are over the limits are left out. */
export function invitationToText(invitation: Invitation): string {
  const addresses = invitation.addresses.filter(isSendable).slice(0, maxInvitationAddresses);
  const fields = [
    invitationVersion,
    keyToBytes(invitation.hostKey),
    invitation.secret,
    addresses.map(addressToBytes),
  ] as const;
  return bytesToKeyText(encodeCanonical([...fields, checkOf(fields)]));
}

/**
 * The invitation a person pasted; spaces, dashes, line breaks and small letters do not matter.
 * Throws SyncError `invitation-unreadable`; `what` says whether it is not an invitation's text (`text`), cut or mistyped (`check`), or from a later version (`version`).
 */
export function textToInvitation(text: string): Invitation {
  if (text.length > maxTextCharacters) throw unreadable('text');
  const tidied = tidyKeyText(text);
  if (!/^[A-Z2-7]{80,}$/.test(tidied)) throw unreadable('text');
  const bytes = keyTextToBytes(tidied);
  if (bytes === undefined) throw unreadable('check');
  try {
    return bytesToInvitation(bytes);
  } catch (cause) {
    if (cause instanceof SyncError && cause.code === 'peer-misbehaved') throw unreadable('check', cause);
    throw cause;
  }
}

function bytesToInvitation(bytes: Uint8Array): Invitation {
  const decoded = decodeCanonical(bytes, { maxBytes: 1024, maxItems: 16 });
  const fields = readList(decoded, 1, 16, (field) => field, 'invitation');
  if (readInteger(fields[0], 1, 0xffff, 'invitation-version') !== invitationVersion)
    throw unreadable('version');
  const [version, hostKey, secret, addresses, check] = readTuple(decoded, 5, 'invitation');
  const checked = [version, hostKey, secret, addresses] as readonly CborValue[];
  if (!equalBytes(readBytes(check, 4, 4, 'invitation-check'), checkOf(checked)))
    throw misshapen('invitation-check');
  const invitation = {
    hostKey: bytesToDeviceKey(readBytes(hostKey, 32, 32, 'invitation-host')),
    secret: readBytes(secret, 16, 16, 'invitation-secret'),
    addresses: readList(
      addresses,
      0,
      maxInvitationAddresses,
      (address) => bytesToAddress(readBytes(address, 6, maxAddressBytes, 'invitation-address')),
      'invitation-addresses',
    ),
  };
  if (!isUsableKey(invitation.hostKey)) throw misshapen('invitation-host');
  return invitation;
}

function checkOf(fields: readonly CborValue[]): Uint8Array {
  return sha256(prefixed('lockstep invitation check 1\n', encodeCanonical(fields))).slice(0, 4);
}

function isSendable(address: string): boolean {
  return printableAddress.test(address) && address.length > 6 && address.length <= maxAddressBytes;
}

// The usual kind takes six bytes; any other is sent as its text, which is longer and begins with a slash.
function addressToBytes(address: string): Uint8Array {
  const match = tcpOverIp4.exec(address);
  const [a = 0, b = 0, c = 0, d = 0, port = 0] = match?.slice(1).map(Number) ?? [];
  const compact = Uint8Array.of(a, b, c, d, port >>> 8, port);
  return bytesToAddress(compact) === address ? compact : new TextEncoder().encode(address);
}

function bytesToAddress(bytes: Uint8Array): string {
  if (bytes.length === 6) {
    const [a, b, c, d, high = 0, low = 0] = bytes;
    return `/ip4/${a}.${b}.${c}.${d}/tcp/${high * 256 + low}`;
  }
  const address = new TextDecoder().decode(bytes);
  if (!isSendable(address)) throw misshapen('invitation-address');
  return address;
}

function unreadable(what: string, cause?: unknown): SyncError {
  return new SyncError('invitation-unreadable', { what }, { retry: 'after-user', cause });
}
