/** Front door of `network`: the only room that knows libp2p. */
export { parseAddress } from './address.ts';
export { mayDial } from './dial-policy.ts';
export { createLibp2pNetwork, type Libp2pNetworkOptions, type Libp2pNetworkParts } from './libp2p-network.ts';
export { createMemoryLan, type MemoryLan } from './memory-lan.ts';
export {
  type AddressOrigin,
  type Admission,
  type Connection,
  type DialAddress,
  type Network,
  type NetworkShortfall,
  type Pace,
  type PacedLink,
  pairingTag,
  type Sighting,
  type Traffic,
  unpaced,
} from './network-interface.ts';
export {
  createPeerKeeper,
  type PeerKeeper,
  type PeerKeeperParts,
  type PeerState,
  type WantedPeer,
} from './peer-keeper.ts';
