import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { publicKeyFromRaw } from '@libp2p/crypto/keys';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import type { RunningDevice } from '../harness/harness.ts';
import { waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  describeInLab,
  inStep,
  meeting,
  shareFolder,
  sightOf,
  startOn,
  statusOf,
  switchOff,
  takeFolder,
} from '../harness/lab-group.ts';
import { attack } from './stranger/stranger.ts';

/** LIMIT: what fits into a minute with the rest. `LOCKSTEP_STRANGER_ATTEMPTS=10000` tries that many connections. */
const attempts = Number(process.env['LOCKSTEP_STRANGER_ATTEMPTS'] ?? 500);
/** LIMIT: MiB of values the desk may have alive. It would end if strangers left anything behind; without it, Node would tidy up late, and nothing could be told from outside. */
const heapMiB = 96;
/** LIMIT: MiB of all its memory, and how much of it strangers may add. */
const maxRssMiB = 300;
const maxGrowthMiB = 96;

let lab: Lab | undefined;
const devices: RunningDevice[] = [];

afterEach(async () => {
  await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
  lab?.destroy();
});

const rssMiB = (device: RunningDevice): number => {
  const status = fs.readFileSync(`/proc/${device.pid()}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
};
const addressOf = (device: RunningDevice, host: LabHost): string => {
  const found = device.ready().listen.find((address) => address.startsWith(`/ip4/${host.address()}/tcp/`));
  if (found === undefined) throw new Error(`${device.name} does not listen on ${host.address()}`);
  return found;
};
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The peer id of a key as people see it: 52 characters of base32 and 4 of a check. */
const peerIdOf = (device: RunningDevice): string => {
  const text = device.ready().deviceKey.replaceAll('-', '').slice(0, 52);
  const bits = Array.from(text, (letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
  return peerIdFromPublicKey(publicKeyFromRaw(bytes)).toString();
};

describeInLab('a stranger on the network of members', () => {
  test(`[A17] [A20] [A22] [A23] gets nothing in ${attempts} tries, and members go on`, async () => {
    lab = createLab(['desk', 'laptop', 'stranger']);
    const [deskHost, laptopHost, stranger] = lab.hosts as [LabHost, LabHost, LabHost];
    const folderOf = (host: LabHost): string => path.join(host.directory, 'folder');
    for (const host of [deskHost, laptopHost]) fs.mkdirSync(folderOf(host));
    fs.writeFileSync(path.join(folderOf(deskHost), 'first'), 'first');
    const env = { NODE_OPTIONS: `--max-old-space-size=${heapMiB}` };
    const [desk, laptop] = [await startOn(deskHost, [], env), await startOn(laptopHost)];
    devices.push(desk, laptop);
    const folder = await shareFolder(desk, folderOf(deskHost), 'Work');
    await admit(desk, laptop);
    await takeFolder(laptop, folder, folderOf(laptopHost));
    await meeting(desk, laptop);
    await inStep(desk, laptop);
    const order = { address: addressOf(desk, deskHost), peerId: peerIdOf(desk), attempts };
    const before = rssMiB(desk);

    // Members work while the stranger knocks.
    let isKnocking = true;
    let brought = 0;
    const knocking = attack(stranger, 'knock', order).finally(() => {
      isKnocking = false;
    });
    while (isKnocking) {
      const name = `while-${brought}`;
      fs.writeFileSync(path.join(folderOf(deskHost), name), name);
      await waitUntil(`${name} arrives`, () => fs.existsSync(path.join(folderOf(laptopHost), name)));
      brought += 1;
    }
    const knocked = await knocking;
    const { refused, connected, opened, offers } = knocked;
    process.stdout.write(`${JSON.stringify({ ...knocked, brought, before, after: rssMiB(desk) })}\n`);
    expect(refused + connected).toBe(attempts);
    expect(opened).toEqual({});
    expect(new Set(Object.values(offers))).toEqual(new Set(['na']));
    expect(brought).toBeGreaterThan(0);
    await inStep(desk, laptop);

    // With the laptop away, somebody answers in its name.
    await switchOff(laptop);
    const spoofed = { peerId: peerIdOf(laptop), own: stranger.address() };
    const { lured, believed } = await attack(stranger, 'spoof', { ...order, spoofed, seconds: 60 });
    expect({ wasLured: lured > 0, believed }).toEqual({ wasLured: true, believed: 0 });
    expect((await sightOf(desk, laptop))?.state).toBe('offline');
    fs.writeFileSync(path.join(folderOf(deskHost), 'after'), 'after');
    await laptop.restart();
    await meeting(desk, laptop);
    await waitUntil('the laptop has all', () => fs.existsSync(path.join(folderOf(laptopHost), 'after')));

    // With pairing open a stranger may speak of pairing, and of nothing else.
    await desk.ask('device', 'nearby', '--timeout', '1');
    const paired = await attack(stranger, 'pair', { ...order, attempts: 12 });
    // A heartbeat, which says nothing, is answered to whoever may be connected.
    const { '/lockstep/beat/1': _, ...heard } = paired.heard;
    expect(Object.values(heard).filter((count) => count > 0)).toEqual([]);
    expect(paired.opened['/lockstep/pair/1'] ?? 0).toBeLessThanOrEqual(10);

    const { members } = await desk.ask<{ members: readonly string[] }>('group', 'show');
    expect(members).toEqual([desk, laptop].map((device) => device.ready().deviceKey).sort());
    await inStep(desk, laptop);
    expect((await statusOf(desk)).state).toBe('idle');
    const after = rssMiB(desk);
    process.stdout.write(`${JSON.stringify({ lured, opened: paired.opened, before, after })}\n`);
    expect(after).toBeLessThan(maxRssMiB);
    expect(after - before).toBeLessThan(maxGrowthMiB);
    await switchOff(desk, laptop);
  });
});
