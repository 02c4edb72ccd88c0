import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import { allInStep, devicesInStep } from './testing/in-step.ts';

const long = Array.from({ length: 40_000 }, (_, n) => `line ${n}`).join('\n');

async function twoVersions(seed: string) {
  const devices = await devicesInStep(seed, ['a', 'b']);
  const [a, b] = devices.machines as [WorldMachine, WorldMachine];
  for (const text of [long, 'short']) {
    a.write('file.txt', text);
    await devices.world.until('it everywhere', () => [a, b].every((each) => each.read('file.txt') === text));
    await allInStep(devices);
  }
  const path = `${devices.folderId}:file.txt`;
  const [former] = await devices.world.during(a.device().api.history({ path }));
  return { ...devices, a, b, path, former: former?.version ?? 'none' };
}

it('reads a version from whoever has it, in parts, and what stands now from this disk', async () => {
  const { world, a, path, former } = await twoVersions('parts');
  const { api } = a.device();
  let text = '';
  for (;;) {
    const part = await world.during(
      api.versionRead({ path, version: former, offset: text.length, lengthBytes: 100_000 }),
    );
    expect(part.size).toBe(long.length);
    if (part.bytes === '') break;
    text += Buffer.from(part.bytes, 'base64').toString();
  }
  expect(text).toBe(long);
  const now = createHash('sha256').update('short').digest('hex');
  const { bytes } = await world.during(api.versionRead({ path, version: now }));
  expect(Buffer.from(bytes, 'base64').toString()).toBe('short');
  await world.during(world.stop());
});

it('leaves the version as it is told: when it was replaced, by whom and why', async () => {
  const { world, a, path, former } = await twoVersions('told');
  const { api } = a.device();
  const told = async () => {
    const versions = await world.during(api.history({ path }));
    return versions.map(({ version, device, replacedAt, reason }) => ({
      version,
      device,
      replacedAt,
      reason,
    }));
  };
  const before = await told();
  await world.pass(60_000);
  await world.during(api.versionRead({ path, version: former, lengthBytes: 10 }));
  expect(await told()).toEqual(before);
  expect((await world.during(api.history({ path })))[0]?.here).toBe(true);
  await world.during(world.stop());
});

it('says so when nobody connected has the bytes, and of a name that no version has', async () => {
  const { world, a, b, path, former } = await twoVersions('nobody');
  await world.during(b.stop());
  const { api } = a.device();
  await expect(world.during(api.versionRead({ path, version: former }))).rejects.toMatchObject({
    code: 'not-found',
    facts: { what: 'content' },
  });
  await expect(world.during(api.versionRead({ path, version: 'abcdefabcdef' }))).rejects.toMatchObject({
    code: 'not-found',
    facts: { what: 'version' },
  });
  await world.during(world.stop());
});
