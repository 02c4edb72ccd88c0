import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '../base/pure.ts';
import { sameContent } from '../model/entry.ts';
import { relativePath } from '../model/path.ts';
import { createSeededRandom, type SeededRandom } from '../testing/seeded-random.ts';
import {
  type Edit,
  exchange,
  fileContent,
  nameOfContent,
  Replica,
  type ReplicaOptions,
} from './testing/replica.ts';

const numRuns = Number(process.env['LOCKSTEP_WORLDS'] ?? 400);

// Small pools, so that collisions are common; a case clash and a name of Windows' devices are among them.
const names = fc.constantFrom('a', 'b', 'A', 'nul');
const path = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => relativePath(parts.join('/')));
const says = fc.constantFrom('X', 'Y', 'Zzz', '', 'link:X');
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), path, says }),
  fc.record({ kind: fc.constant('make' as const), path }),
  fc.record({ kind: fc.constant('remove' as const), path }),
  fc.record({ kind: fc.constant('move' as const), path, to: path }),
  fc.record({ kind: fc.constant('move' as const), path, to: path }),
);
const edits = fc.array(edit, { maxLength: 8 });

/** One tree, and what two people make of it. All chance in a property about it comes from `chance`. */
interface Histories {
  readonly start: readonly Edit[];
  readonly local: readonly Edit[];
  readonly remote: readonly Edit[];
  readonly chance: number;
}

const trees: fc.Arbitrary<Histories> = fc.record({
  start: fc.array(edit, { maxLength: 12 }),
  local: edits,
  remote: edits,
  chance: fc.nat(),
});
const folding: ReplicaOptions = { foldName: (name) => name.toLowerCase() };

/** Cases that once broke a property: every property is asked of each of them, ever after. */
const keptCases = JSON.parse(
  readFileSync(new URL('./testing/kept-cases.json', import.meta.url), 'utf8'),
) as readonly Histories[];

/** Asks a property of the kept cases and of random ones; a failure shows the smallest case found as a line for the kept ones. */
function holds(property: (histories: Histories, random: SeededRandom) => void): void {
  fc.assert(
    fc.property(trees, (histories) => {
      try {
        property(histories, createSeededRandom(`${histories.chance}`));
      } catch (error) {
        throw new Error(`not so for ${JSON.stringify(histories)}`, { cause: error });
      }
    }),
    { numRuns, examples: keptCases.map((kept) => [kept]), includeErrorInReport: true },
  );
}

/** Two replicas that held the same tree before each was edited on its own. */
function replicasOf(
  histories: Pick<Histories, 'start' | 'local' | 'remote'>,
  local: ReplicaOptions = {},
): [Replica, Replica] {
  const here = new Replica('h', local);
  const there = new Replica('t');
  for (const each of histories.start) here.edit(each);
  here.scan();
  exchange([here, there]);
  settle(there);
  expect(there.scan()).toBe(0);
  for (const each of histories.local) here.edit(each);
  for (const each of histories.remote) there.edit(each);
  here.scan();
  there.scan();
  exchange([here, there]);
  return [here, there];
}

/** Plans and carries out until nothing is left to do. */
function settle(replica: Replica): void {
  for (let round = 0; ; round++) {
    invariant(round < 6, 'a replica comes to rest in a few plans');
    const plan = replica.plan(replica.decisions());
    if (plan.operations.length === 0) {
      invariant(plan.deferred.length === 0, 'nothing is deferred once all is decided');
      return;
    }
    for (const operation of plan.operations) replica.execute(operation);
  }
}

function contentsOf(replica: Replica): Set<string> {
  return new Set([...replica.disk.values()].map(({ content }) => nameOfContent(content)));
}

/** Contents that were on the disk and are now neither there nor in the version store. */
function lostContents(replica: Replica, before: ReadonlySet<string>): string[] {
  const after = contentsOf(replica).union(replica.versions);
  return [...before].filter((content) => content !== 'directory' && !after.has(content));
}

describe('plans from three trees', { timeout: 600_000 }, () => {
  it('end in the same tree on both sides, in one plan, with nothing left to say [PL1]', () => {
    holds((histories) => {
      const replicas = replicasOf(histories);
      for (const replica of replicas) {
        const { operations } = replica.plan(replica.decisions());
        for (const operation of operations) replica.execute(operation);
        expect(replica.plan(replica.decisions()).operations).toEqual([]);
      }
      const [here, there] = replicas;
      expect(here.tree()).toEqual(there.tree());
      for (const [at, content] of here.tree())
        expect(sameContent(here.viewAt(at).content, content)).toBe(true);
      expect(here.scan() + there.scan()).toBe(0);
    });
  });

  it('end in the same tree on a third device that made nothing, whoever is heard first [PL1]', () => {
    holds((histories, random) => {
      const [here, there] = replicasOf(histories);
      const third = new Replica('3');
      for (const from of random.chance(0.5) ? [here, there] : [there, here]) {
        third.receive([...from.state.values()].flat());
        settle(third);
      }
      settle(here);
      expect(third.tree()).toEqual(here.tree());
      expect(third.scan()).toBe(0);
    });
  });

  it('keep what one side alone added, and give it to the other [PL1]', () => {
    holds((histories) => {
      const added = (name: string): Edit => ({ kind: 'put', path: relativePath(name), says: name });
      const [here, there] = replicasOf({
        start: histories.start,
        local: [...histories.local, added('local only')],
        remote: [...histories.remote, added('remote only')],
      });
      for (const replica of [here, there]) {
        settle(replica);
        for (const name of ['local only', 'remote only'])
          expect(replica.tree().get(relativePath(name))).toEqual(fileContent(name));
      }
    });
  });

  it('lose no content: what leaves the disk is moved or in the version store [PL10]', () => {
    holds((histories) => {
      for (const replica of replicasOf(histories)) {
        const before = contentsOf(replica);
        settle(replica);
        expect(lostContents(replica, before)).toEqual([]);
      }
    });
  });

  it('fetch nothing whose bytes are here [PL7]', () => {
    holds((histories) => {
      for (const replica of replicasOf(histories)) {
        const here = contentsOf(replica);
        const fetched = replica
          .plan(replica.decisions())
          .operations.flatMap((each) =>
            each.kind === 'place-file' && each.source.kind === 'fetch' ? [each.wanted] : [],
          );
        const needless = fetched.filter(({ content, sizeBytes }) => sizeBytes > 0 && here.has(content));
        expect(needless).toEqual([]);
      }
    });
  });

  it('are the same whatever the order of the decisions [PL1]', () => {
    holds((histories, random) => {
      const [here] = replicasOf(histories);
      const decisions = here.decisions();
      expect(here.plan(shuffled(decisions, random))).toEqual(here.plan(decisions));
    });
  });

  it('end in the same tree when planned in parts, whatever the parts [PL5]', () => {
    holds((histories, random) => {
      const [here, there] = replicasOf(histories);
      for (let round = 0; round < 6; round++) {
        const part = here.decisions().filter(() => random.chance(0.5));
        for (const operation of here.plan(part).operations) here.execute(operation);
      }
      settle(here);
      settle(there);
      expect(here.tree()).toEqual(there.tree());
      expect(here.scan()).toBe(0);
    });
  });

  it('come to rest on a disk that folds case, with one path a slot and a problem for each other [PL3]', () => {
    holds((histories) => {
      const [here, there] = replicasOf(histories, folding);
      settle(here);
      settle(there);
      const { problems } = here.plan(here.decisions());
      const [mine, theirs] = [here.tree(), there.tree()];
      expect([...mine].filter(([at, content]) => !sameContent(theirs.get(at), content))).toEqual([]);
      expect(problems.map((problem) => problem.path)).toEqual(
        [...theirs.keys()].filter((at) => !mine.has(at)),
      );
      expect(here.scan()).toBe(0);
    });
  });

  it('survive steps that fail: what builds on them is left out, the next plans finish [PL11]', () => {
    holds((histories, random) => {
      const [here, there] = replicasOf(histories);
      const before = contentsOf(here);
      for (let round = 0; round < 4; round++) {
        for (const operation of here.plan(here.decisions()).operations)
          if (!random.chance(0.25)) tryOut(here, operation);
      }
      settle(here);
      settle(there);
      expect(here.tree()).toEqual(there.tree());
      expect(lostContents(here, before)).toEqual([]);
    });
  });

  it('survive steps in any order: those that come too early are left out, the next plans finish [PL11]', () => {
    holds((histories, random) => {
      const [here, there] = replicasOf(histories);
      const before = contentsOf(here);
      for (const operation of shuffled(here.plan(here.decisions()).operations, random))
        tryOut(here, operation);
      settle(here);
      settle(there);
      expect(here.tree()).toEqual(there.tree());
      expect(lostContents(here, before)).toEqual([]);
    });
  });
});

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items
    .map((item) => ({ item, rank: random.below(2 ** 30) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** What an executor does: a step whose preconditions do not hold changes nothing. */
function tryOut(replica: Replica, operation: Parameters<Replica['execute']>[0]): void {
  const base = new Map(replica.base);
  const disk = new Map(replica.disk);
  const versions = new Set(replica.versions);
  try {
    replica.execute(operation);
  } catch {
    replica.base.clear();
    for (const [at, row] of base) replica.base.set(at, row);
    replica.versions.clear();
    for (const content of versions) replica.versions.add(content);
    replica.disk.clear();
    for (const [slot, thing] of disk) replica.disk.set(slot, thing);
  }
}
