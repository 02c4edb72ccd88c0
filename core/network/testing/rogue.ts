/** A libp2p network of the product, and peers that keep to none of its rules. */
import { connect, type Socket } from 'node:net';
import { noise } from '@chainsafe/libp2p-noise';
import type { Libp2p, MessageStream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { onTestFinished } from 'vitest';
import { abortable, silentLog, systemClock, systemRandom } from '../../base/base.ts';
import { deviceToPeerId } from '../device-peer-id.ts';
import { createLibp2pNetwork } from '../libp2p-network.ts';
import type { Connection, Network } from '../network-interface.ts';
import { from } from '../network-suite.ts';

export const deadlineMs = 20_000;

export const makeNetwork = async (listen: readonly string[] = ['/ip4/127.0.0.1/tcp/0']): Promise<Network> => {
  const parts = { seed: systemRandom.bytes(32), clock: systemClock, random: systemRandom, log: silentLog };
  const network = await createLibp2pNetwork({ ...parts, admission: () => 'admit' }, { listen });
  onTestFinished(() => network.stop());
  return network;
};
export const portOf = (network: Network): number => Number(network.addresses()[0]?.split('/')[4]);
export const soon = <T>(promise: Promise<T>): Promise<T> =>
  abortable(promise, AbortSignal.timeout(deadlineMs));

/** A libp2p node that holds a valid key and keeps to none of our rules; `muxer` is what it calls its muxer. */
export const makeRogue = async ({ muxer }: { readonly muxer?: string } = {}) => {
  const wires: MessageStream[] = [];
  // A rogue never hangs up by itself: not even when what it asks of the other side comes late.
  const create = yamux({ enableKeepAlive: false });
  const rogue = await createLibp2p({
    connectionMonitor: { enabled: false },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      () => {
        const factory = create();
        const createStreamMuxer = factory.createStreamMuxer.bind(factory);
        factory.createStreamMuxer = (wire) => {
          wires.push(wire);
          return createStreamMuxer(wire);
        };
        if (muxer !== undefined) factory.protocol = muxer;
        return factory;
      },
    ],
  });
  onTestFinished(() => rogue.stop());
  return { rogue, wires };
};
export const dialFrom = async (rogue: Libp2p, network: Network) =>
  rogue.dial(multiaddr(`${network.addresses()[0]}/p2p/${deviceToPeerId(network.self).toString()}`));

/** A caller that speaks no Noise, from an address of this machine: all of 127.0.0.0/8 is. */
export const callFrom = (network: Network, localAddress: string): Socket => {
  const socket = connect({ port: portOf(network), host: '127.0.0.1', localAddress }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket.resume();
};
/** Dials as a member does, again and again. */
export const dialUntilIn = async (member: Network, network: Network): Promise<Connection> => {
  for (;;) {
    try {
      return await member.dial(network.self, from(network));
    } catch {
      await new Promise((resolve) => void systemClock.after(100, () => resolve(undefined)));
    }
  }
};
