import { publicKeyFromRaw } from '@libp2p/crypto/keys';
import type { PeerId } from '@libp2p/interface';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import { bytesToHex, hexToBytes } from '../base/base.ts';
import { type DeviceKey, deviceKey } from '../model/ids.ts';

/** libp2p's name for a device: the identity multihash of its Ed25519 key. */
export function deviceToPeerId(device: DeviceKey): PeerId {
  return peerIdFromPublicKey(publicKeyFromRaw(hexToBytes(device)));
}

/** The device behind a peer id; undefined for a key of another kind, which no device of ours has. */
export function peerIdToDevice(peerId: PeerId): DeviceKey | undefined {
  if (peerId.type !== 'Ed25519') return undefined;
  return deviceKey(bytesToHex(peerId.publicKey.raw));
}
