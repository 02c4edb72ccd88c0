import type { DeviceKey } from '../model/ids.ts';
import type { FrameStream, StreamProtocol } from '../protocol/protocol.ts';

/** An encrypted connection whose other end has proved that it holds `peer`'s key. It says nothing about whether that device is welcome, nor that the other side let this one in: only the first answer on a stream proves that. */
export interface Connection {
  readonly peer: DeviceKey;
  /** Whether this device dialled. */
  readonly dialled: boolean;
  /** Where the other end is, as a multiaddr without the peer id; worth remembering only if this device dialled it. */
  readonly address: string;
  /** Whether the other end is on a network that this device is directly attached to, or on this machine. */
  readonly isNear: boolean;
  /** Opens a stream; rejects if the other side refuses, the connection is over, or `signal` aborts. Success proves nothing until the first answer. */
  openStream(protocol: StreamProtocol, signal?: AbortSignal): Promise<FrameStream>;
  /** Breaks everything off at once, streams included; what was not sent yet is lost. */
  abort(reason: Error): void;
  /** Resolves once, when the connection is over, with the reason known here. Never rejects. */
  readonly closed: Promise<Error>;
  /** What has passed since it opened. */
  traffic(): Traffic;
}

/** Bytes on a connection's streams (frames with their lengths, parts of frames too), and when the last byte of any kind came in: monotonic milliseconds of the network's clock. */
export interface Traffic {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly lastReceivedAt: number;
}

/** The other end of a connection, as far as a rate has to know. */
export type PacedLink = Pick<Connection, 'peer' | 'isNear'>;

/** What a network asks before it sends blocks, and tells of everything else. */
export interface Pace {
  /** How many of `wanted` bytes of blocks may go to this device now, at least one; a promise of that where they have to wait for their turn. */
  take(link: PacedLink, wanted: number): number | Promise<number>;
  /** Bytes that waited for nothing were sent. */
  sent(link: PacedLink, bytes: number): void;
  /** Bytes came in, of blocks or of anything else. */
  received(link: PacedLink, bytes: number, what: 'blocks' | 'other'): void;
}

/** As fast as it goes. */
export const unpaced: Pace = { take: (_link, wanted) => wanted, sent() {}, received() {} };

/** A device seen near, by its own unproved word. */
export interface Sighting {
  readonly peer: DeviceKey;
  readonly addresses: readonly string[];
}

/** Who named an address: a person (typed, pasted, configured), or a device that announced itself and may have lied. A remembered address keeps its origin. */
export type AddressOrigin = 'person' | 'sighting';

/** A multiaddr without the peer id, and how far it is trusted. */
export interface DialAddress {
  readonly address: string;
  readonly origin: AddressOrigin;
}

/** What the network does with a device that has proved its key but is perhaps a stranger. Called for every connection, in and out, and again by {@link Network.reconsider}. */
export type Admission = (peer: DeviceKey) => 'admit' | 'refuse';

/** The way to other devices: libp2p in the product, memory in a simulated world. Every handler is set before `start`; those named `on…` may be several and are called in the order they were set. */
export interface Network {
  /** This device's own key. */
  readonly self: DeviceKey;
  /** Starts listening. Rejects with SyncError `bad-argument` for a listen address that makes no sense; one that is merely taken becomes a shortfall. */
  start(): Promise<void>;
  /** Breaks off all connections and stops listening and announcing. Not to be started again. */
  stop(): Promise<void>;
  /** Where this device can be dialled now, as multiaddrs without the peer id, the likeliest first. */
  addresses(): readonly string[];
  /** Dials `peer` at those of `addresses` that their origin allows, and resolves with an open connection to it, which {@link Network.onConnection} is given too; one that is open already will do. Rejects with SyncError `unreachable` if none answers with that key, or with the signal's reason. */
  dial(peer: DeviceKey, addresses: readonly DialAddress[], signal?: AbortSignal): Promise<Connection>;
  /** Connections that are open and admitted, oldest first. */
  connections(): readonly Connection[];
  /** Ends every open connection that {@link Admission} no longer admits, in this tick. */
  reconsider(): void;
  /** Calls `handler` for each new admitted connection, whoever dialled, before any stream of it is handed out. */
  onConnection(handler: (connection: Connection) => void): void;
  /** Answers streams the other side opens; one handler a protocol. A protocol without a handler is refused. */
  handle(protocol: StreamProtocol, handler: (stream: FrameStream, connection: Connection) => void): void;
  /** Calls `handler` for devices seen near, again when their addresses change and now and then while they stay. */
  onSighting(handler: (sighting: Sighting) => void): void;
  /** Calls `handler` when {@link Network.addresses} has changed: another Wi-Fi, a cable, a VPN. */
  onAddressesChanged(handler: () => void): void;
  /** Under which tags this device announces itself and looks for others, replacing those before: {@link pairingTag}, or eight hexadecimal characters; none means it is silent. Before and after `start`. */
  discover(tags: readonly string[]): void;
  /** The machine slept: looks again who is near, at once. */
  woke(): void;
  /** What does not work as it should. Empty when all is well. */
  incomplete(): readonly NetworkShortfall[];
}

/** The discovery tag for strangers, to be used only while a person has opened pairing. */
export const pairingTag = 'pairing';

/** A part of the network that is not available, and the system's word for why: an error code such as `ENETUNREACH`, or `no-interface`. */
export interface NetworkShortfall {
  readonly what: 'discovery' | 'port';
  readonly cause: string;
}
