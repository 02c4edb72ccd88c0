import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WorldMachine } from '../testing/world.ts';
import type { ConflictListing } from './api.ts';
import { allInStep, type DevicesInStep, devicesInStep } from './testing/in-step.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const conflictsOf = (machine: WorldMachine): Promise<readonly ConflictListing[]> =>
  machine.device().api.conflictList({});

/** `a` and `b` change one file while apart and `c`, which has neither version, is off; then all meet. */
async function changedApart(
  seed: string,
): Promise<DevicesInStep & { readonly a: WorldMachine; readonly b: WorldMachine; readonly c: WorldMachine }> {
  const devices = await devicesInStep(seed, ['a', 'b', 'c']);
  const { world, machines } = devices;
  const [a, b, c] = machines as [WorldMachine, WorldMachine, WorldMachine];
  a.write('notes.txt', 'from the start');
  await world.until('all have it', () =>
    machines.every((each) => each.read('notes.txt') === 'from the start'),
  );
  await allInStep(devices);
  await world.during(b.stop());
  await world.during(c.stop());
  a.write('notes.txt', 'by a');
  await world.pass(5_000);
  await world.during(a.stop());
  b.write('notes.txt', 'by b, later');
  await world.during(b.start());
  await world.pass(5_000);
  await world.during(a.start());
  await world.until('a and b have met', async () => {
    const lists = await Promise.all([a, b].map(conflictsOf));
    return lists.every((list) => list.length === 1) && a.read('notes.txt') === 'by b, later';
  });
  await world.during(c.start());
  await world.until('the conflict is known to all', async () => {
    const lists = await Promise.all(machines.map(conflictsOf));
    return lists.every((list) => list.length === 1);
  });
  await allInStep(devices);
  return { ...devices, a, b, c };
}

const readAll = (machines: readonly WorldMachine[], path = 'notes.txt'): (string | undefined)[] =>
  machines.map((machine) => machine.read(path));

const versionBy = (conflict: ConflictListing | undefined, text: string): string =>
  conflict?.versions.find(({ hash }) => hash === hashOf(text))?.version ?? 'none';

describe('a file changed on two devices that were apart', () => {
  it('is one conflict with the same winner on all three, and both contents can be had', async () => {
    const { world, machines, b, c, folderId } = await changedApart('listed');
    const [first, ...others] = await Promise.all(machines.map(conflictsOf));
    expect(first).toMatchObject([
      {
        folderId,
        path: 'notes.txt',
        versions: [
          { hash: hashOf('by b, later'), winner: true, kind: 'file', size: 11 },
          { hash: hashOf('by a'), winner: false, kind: 'file', size: 4 },
        ],
      },
    ]);
    const withoutHere = (list: readonly ConflictListing[] | undefined): unknown =>
      JSON.parse(JSON.stringify(list, (key, value: unknown) => (key === 'here' ? undefined : value)));
    for (const other of others) expect(withoutHere(other)).toEqual(withoutHere(first));
    expect(readAll(machines)).toEqual(['by b, later', 'by b, later', 'by b, later']);
    for (const machine of [b, c]) {
      const { api } = machine.device();
      const version = hashOf('by a');
      const path = `${folderId}:notes.txt`;
      const to = `${folderId}:copy of a on ${machine.name}.txt`;
      expect(await world.during(api.restore({ path, version, to }))).toMatchObject({
        restored: 1,
        fetched: 1,
        missing: [],
      });
      await world.until('the copy', () => machine.read(`copy of a on ${machine.name}.txt`) === 'by a');
    }
    await world.during(world.stop());
  });

  it('is settled everywhere by the device that had neither, and comes back when that is undone', async () => {
    const { world, machines, c } = await changedApart('third');
    const before = await conflictsOf(c);
    const { undoId, keptBoth } = await world.during(
      c.device().api.conflictResolve({ id: before[0]?.id ?? '', keep: versionBy(before[0], 'by a') }),
    );
    expect(keptBoth).toBe(false);
    await world.until('a’s version everywhere', () => readAll(machines).every((text) => text === 'by a'));
    for (const machine of machines) {
      expect(await conflictsOf(machine)).toEqual([]);
      const [latest] = await machine.device().api.activity({ limit: 1 });
      expect(latest).toMatchObject({ kind: 'resolved', path: 'notes.txt', undoable: true });
    }
    expect(await world.during(c.device().api.undo({}))).toMatchObject({ undone: undoId, missing: [] });
    await world.until('the conflict is back', async () => {
      const lists = await Promise.all(machines.map(conflictsOf));
      return (
        lists.every((list) => list.length === 1) && readAll(machines).every((text) => text === 'by b, later')
      );
    });
    for (const machine of machines) expect((await conflictsOf(machine))[0]?.id).toBe(before[0]?.id);
    await expect(c.device().api.undo({ id: undoId })).rejects.toMatchObject({ code: 'not-allowed' });
    await world.during(world.stop());
  });

  it('is settled everywhere by bytes put together from both, and comes back when that is undone', async () => {
    const { world, machines, c, folderId } = await changedApart('merged');
    const [conflict] = await conflictsOf(c);
    const merged = `${'both say so\n'.repeat(9_000)}by a, and by b`;
    const { undoId } = await world.during(
      c.device().api.conflictMerge({ id: conflict?.id ?? '', bytes: Buffer.from(merged).toString('base64') }),
    );
    await world.until('the merged text everywhere', () => readAll(machines).every((text) => text === merged));
    for (const machine of machines) {
      expect(await conflictsOf(machine)).toEqual([]);
      const known = await world.during(machine.device().api.history({ path: `${folderId}:notes.txt` }));
      expect(known.map(({ hash }) => hash)).toEqual(
        expect.arrayContaining([hashOf('by a'), hashOf('by b, later')]),
      );
    }
    await world.during(c.device().api.undo({ id: undoId }));
    await world.until('the conflict is back', async () =>
      (await Promise.all(machines.map(conflictsOf))).every(([back]) => back?.id === conflict?.id),
    );
    await world.during(world.stop());
  });

  it('is not settled by bytes meant for versions that stand no more', async () => {
    const { world, a, c } = await changedApart('merged-late');
    const [conflict] = await conflictsOf(c);
    a.write('notes.txt', 'by a, once more');
    await world.until('another conflict', async () => (await conflictsOf(c))[0]?.id !== conflict?.id);
    await expect(
      world.during(c.device().api.conflictMerge({ id: conflict?.id ?? '', bytes: 'YQ==' })),
    ).rejects.toMatchObject({ code: 'not-found' });
    await world.during(world.stop());
  });

  it('is settled by a device that is alone, and the others follow when they meet it', async () => {
    const { world, machines, a, b, c } = await changedApart('alone');
    await world.during(a.stop());
    await world.during(b.stop());
    const [conflict] = await conflictsOf(c);
    await world.during(
      c.device().api.conflictResolve({ id: conflict?.id ?? '', keep: versionBy(conflict, 'by a') }),
    );
    await world.pass(10_000);
    expect(c.read('notes.txt')).toBe('by b, later');
    expect(await c.device().api.why({ path: '/folder/notes.txt' })).toMatchObject({ state: 'problem' });
    await world.during(a.start());
    await world.during(b.start());
    await world.until('a’s version everywhere', () => readAll(machines).every((text) => text === 'by a'));
    await world.during(world.stop());
  });

  it('is kept as two files, numbered where the name is taken, and one again when that is undone', async () => {
    const { world, machines, b } = await changedApart('both');
    b.write('notes (from a).txt', 'in the way');
    await world.until('in the way everywhere', () =>
      machines.every((machine) => machine.read('notes (from a).txt') === 'in the way'),
    );
    const [conflict] = await conflictsOf(b);
    const { undoId, keptBoth, added } = await world.during(
      b.device().api.conflictResolve({ id: conflict?.id ?? '' }),
    );
    expect({ keptBoth, added }).toEqual({ keptBoth: true, added: ['notes (from a) 2.txt'] });
    await world.until('both everywhere', () =>
      machines.every(
        (machine) =>
          machine.read('notes.txt') === 'by b, later' && machine.read('notes (from a) 2.txt') === 'by a',
      ),
    );
    for (const machine of machines) expect(machine.read('notes (from a).txt')).toBe('in the way');
    await world.during(b.device().api.undo({ id: undoId }));
    await world.until('one file with a conflict', async () => {
      const lists = await Promise.all(machines.map(conflictsOf));
      return (
        lists.every((list) => list.length === 1) &&
        machines.every((machine) => machine.read('notes (from a) 2.txt') === undefined)
      );
    });
    await world.during(world.stop());
  });

  it('is not settled by someone who saw other versions of it', async () => {
    const { world, a, b } = await changedApart('stale');
    const [conflict] = await conflictsOf(a);
    const id = conflict?.id ?? '';
    const { api } = b.device();
    await expect(api.conflictResolve({ id, keep: '0000000' })).rejects.toMatchObject({ code: 'not-found' });
    b.write('notes.txt', 'written over');
    await world.until('another conflict', async () => (await conflictsOf(a))[0]?.id !== id);
    await expect(a.device().api.conflictResolve({ id })).rejects.toMatchObject({ code: 'not-found' });
    await world.during(world.stop());
  });
});

describe('choices made apart', () => {
  it('are one if they are the same, and a conflict again if they are not', async () => {
    for (const keepOnB of ['by a', 'by b, later']) {
      const { world, machines, a, b, c } = await changedApart(`choices ${keepOnB}`);
      const [conflict] = await conflictsOf(a);
      const id = conflict?.id ?? '';
      for (const other of [b, c]) await world.during(other.device().api.pause({}));
      await world.during(a.device().api.conflictResolve({ id, keep: versionBy(conflict, 'by a') }));
      await world.pass(5_000);
      await world.during(a.device().api.pause({}));
      await world.during(b.device().api.resume());
      await world.until('b is ready', async () => {
        const work = b.device().api.conflictResolve({ id, keep: versionBy(conflict, keepOnB) });
        return work.then(
          () => true,
          () => false,
        );
      });
      for (const other of [a, c]) await world.during(other.device().api.resume());
      const left = keepOnB === 'by a' ? 0 : 1;
      await world.until('all know', async () => {
        const lists = await Promise.all(machines.map(conflictsOf));
        const isSame = new Set(lists.map((list) => list[0]?.id)).size === 1;
        return isSame && lists.every((list) => list.length === left) && new Set(readAll(machines)).size === 1;
      });
      expect(a.read('notes.txt')).toBe(keepOnB);
      await world.during(world.stop());
    }
  });

  it('do not take away an edit that was not seen', async () => {
    const { world, machines, a, b, c } = await changedApart('edit beside');
    const [conflict] = await conflictsOf(a);
    await world.during(b.stop());
    b.write('notes.txt', 'b goes on');
    const keep = versionBy(conflict, 'by a');
    await world.during(c.device().api.conflictResolve({ id: conflict?.id ?? '', keep }));
    await world.pass(5_000);
    await world.during(b.start());
    await world.until('both stand', async () => {
      const lists = await Promise.all(machines.map(conflictsOf));
      return lists.every(([open]) => open?.versions.length === 2);
    });
    const [open] = await conflictsOf(a);
    const hashes = open?.versions.map(({ hash }) => hash).sort();
    expect(hashes).toEqual([hashOf('by a'), hashOf('b goes on')].sort());
    await world.during(world.stop());
  });
});

describe('a file and a directory of one name', () => {
  it('are a conflict that keeps the directory, or both', async () => {
    const devices = await devicesInStep('kinds', ['a', 'b']);
    const { world, machines } = devices;
    const [a, b] = machines as [WorldMachine, WorldMachine];
    await world.during(b.stop());
    a.write('thing.txt', 'a file');
    await world.pass(5_000);
    b.makeDirectory('thing.txt');
    b.write('thing.txt/inside', 'in the directory');
    await world.during(b.start());
    await allInStep(devices);
    const [conflict] = await conflictsOf(a);
    expect(conflict?.versions.map(({ kind, winner }) => `${kind} ${winner}`)).toEqual([
      'directory true',
      'file false',
    ]);
    const id = conflict?.id ?? '';
    const keep = versionBy(conflict, 'a file');
    await expect(a.device().api.conflictResolve({ id, keep })).rejects.toMatchObject({ code: 'not-allowed' });
    await world.during(a.device().api.conflictResolve({ id }));
    await world.until('both', () =>
      machines.every(
        (each) =>
          each.read('thing (from a).txt') === 'a file' &&
          each.read('thing.txt/inside') === 'in the directory',
      ),
    );
    expect(await conflictsOf(b)).toEqual([]);
    await world.during(world.stop());
  });
});

describe('versions that stand beside each other', () => {
  it('are as many as the devices that wrote, and each can be had', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const devices = await devicesInStep('many', names);
    const { world, machines, folderId } = devices;
    for (const machine of machines) await world.during(machine.stop());
    for (const machine of machines) {
      machine.write('same.txt', `by ${machine.name}`);
      await world.during(machine.start());
      await world.pass(3_000);
      await world.during(machine.stop());
    }
    for (const machine of machines) await world.during(machine.start());
    await world.until('four versions everywhere', async () => {
      const lists = await Promise.all(machines.map(conflictsOf));
      return lists.every(([conflict]) => conflict?.versions.length === 4);
    });
    await allInStep(devices);
    const [first] = machines as [WorldMachine];
    for (const name of names) {
      const to = `${folderId}:back/${name}.txt`;
      const wish = { path: `${folderId}:same.txt`, version: hashOf(`by ${name}`), to };
      expect(await world.during(first.device().api.restore(wish))).toMatchObject({ restored: 1 });
    }
    await world.until('all four', () =>
      names.every((name) => first.read(`back/${name}.txt`) === `by ${name}`),
    );
    await world.during(world.stop());
  });

  it('are none if all wrote the same', async () => {
    const devices = await devicesInStep('alike', ['a', 'b']);
    const { world, machines } = devices;
    for (const machine of machines) await world.during(machine.stop());
    for (const machine of machines) machine.write('same.txt', 'the same');
    for (const machine of machines) await world.during(machine.start());
    await allInStep(devices);
    for (const machine of machines) expect(await conflictsOf(machine)).toEqual([]);
    await world.during(world.stop());
  });

  it('are none if one deleted: the change stays and the deletion is told', async () => {
    const devices = await devicesInStep('edit beats delete', ['a', 'b']);
    const { world, machines } = devices;
    const [a, b] = machines as [WorldMachine, WorldMachine];
    a.write('kept.txt', 'first');
    await world.until('both have it', () => b.read('kept.txt') === 'first');
    await allInStep(devices);
    await world.during(b.stop());
    a.write('kept.txt', 'changed');
    await world.pass(5_000);
    await world.during(a.stop());
    b.remove('kept.txt');
    await world.during(b.start());
    await world.pass(5_000);
    await world.during(a.start());
    await world.until('the change everywhere', () => b.read('kept.txt') === 'changed');
    await allInStep(devices);
    expect(a.read('kept.txt')).toBe('changed');
    for (const machine of machines) {
      expect(await conflictsOf(machine)).toEqual([]);
      expect(await machine.device().api.activity({})).toContainEqual(
        expect.objectContaining({ kind: 'kept', path: 'kept.txt', device: b.device().identity.deviceKey }),
      );
    }
    await world.during(world.stop());
  });
});
