import { expect, it } from 'vitest';
import { joinDisk } from '../filesystem/filesystem.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, twoInStep } from './testing/in-step.ts';

const mebi = 1024 * 1024;
const film = Buffer.from(createSeededRandom('film').bytes(36 * mebi)).toString('base64');

const stagedAhead = ({ disk, root }: WorldMachine): readonly unknown[] =>
  disk
    .list(joinDisk(joinDisk(root, '.lockstep'), 'staging'))
    .filter((listed) => 'name' in listed && listed.name.startsWith('a-'));

it('[EN4] a large new file is on its way while it is still read, and what came of it is not sent again', async () => {
  const devices = await twoInStep('ahead');
  const { world, a, b } = devices;
  const sendBps = 10_000_000;
  await world.during(a.device().api.limitsSet({ sendBps, receiveBps: null, lanExempt: false }));
  const startedAt = world.clock.monotonic();
  a.write('film', film);
  await world.until('b receives it', () => stagedAhead(b).length > 0);
  expect(a.index()?.base('film' as never)?.content).toBeUndefined();
  await world.until('b has it', () => b.read('film') === film);
  // Reading it takes this machine more than two seconds, which come on top where nothing is sent meanwhile.
  expect(world.clock.monotonic() - startedAt).toBeLessThan((film.length / sendBps) * 1000 + 1_500);
  await allInStep(devices);
  expect(stagedAhead(b)).toEqual([]);
  await world.during(world.stop());
}, 60_000);

it('[EN4] what is saved over while it is read comes to nothing ahead, and whole with its entry', async () => {
  const devices = await twoInStep('ahead in vain');
  const { world, a, b } = devices;
  a.write('film', film);
  await world.until('b receives it', () => stagedAhead(b).length > 0);
  a.write('film', 'another film');
  await world.until('b has the other', () => b.read('film') === 'another film');
  await allInStep(devices);
  await world.pass(5_000);
  expect(stagedAhead(b)).toEqual([]);
  await world.during(world.stop());
}, 60_000);

it('[EN4] a copy is not sent ahead: it costs nothing once it has an entry', async () => {
  const devices = await twoInStep('ahead of a copy');
  const { world, a, b } = devices;
  a.write('film', film);
  await world.until('b has it', () => b.read('film') === film);
  await allInStep(devices);
  a.write('copy of film', film);
  let wasAhead = false;
  await world.until('b has the copy', () => {
    wasAhead ||= stagedAhead(b).length > 0;
    return b.read('copy of film') === film;
  });
  expect(wasAhead).toBe(false);
  await world.during(world.stop());
}, 60_000);
