import { describe, expect, test } from 'vitest';
import { abortable, silentLog, systemClock, systemRandom } from '../base/base.ts';
import { createLibp2pNetwork } from './libp2p-network.ts';
import { from, networkSuite } from './network-suite.ts';
import { deadlineMs, dialFrom, makeNetwork, makeRogue, portOf, soon } from './testing/rogue.ts';

describe('over libp2p', () => {
  networkSuite(() => ({
    make: (admission) =>
      createLibp2pNetwork(
        { seed: systemRandom.bytes(32), admission, clock: systemClock, random: systemRandom, log: silentLog },
        { listen: ['/ip4/127.0.0.1/tcp/0'] },
      ),
    until: (promise) => abortable(promise, AbortSignal.timeout(deadlineMs)),
    settle: () => new Promise((resolve) => void systemClock.after(50, resolve)),
  }));
});

test('[NW19] a port that is taken is a shortfall, an address that makes no sense an error', async () => {
  const first = await makeNetwork();
  await first.start();
  const second = await makeNetwork([`/ip4/127.0.0.1/tcp/${portOf(first)}`]);
  await second.start();
  expect(second.incomplete()).toEqual([{ what: 'port', cause: 'EADDRINUSE' }]);
  await soon(second.dial(first.self, from(first)));
  const third = await makeNetwork(['/ip4/127.0.0.1/udp/1']);
  await expect(third.start()).rejects.toMatchObject({ code: 'bad-argument' });
});

test('[NW17] without the addon the library’s own cipher speaks the same', async () => {
  const network = await makeNetwork();
  network.handle('/lockstep/ctl/1', (stream) => {
    void (async () => {
      await stream.send((await stream.receive()) ?? Uint8Array.of());
    })();
  });
  await network.start();
  const { rogue } = await makeRogue();
  const stream = await (await dialFrom(rogue, network)).newStream('/lockstep/ctl/1');
  const answer = new Promise<Uint8Array>((resolve) =>
    stream.addEventListener('message', ({ data }) => resolve(data.subarray())),
  );
  stream.send(Uint8Array.of(4, 1, 2, 3));
  expect([...(await soon(answer))]).toEqual([4, 1, 2, 3]);
});
