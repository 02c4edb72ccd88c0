import { describe, expect, it } from 'vitest';
import { at } from '../reconcile/testing/members.ts';
import type { FolderPlan, Operation } from './plan.ts';
import { type Edit, exchange, Replica, type ReplicaOptions } from './testing/replica.ts';

const put = (path: string, says: string): Edit => ({ kind: 'put', path: at(path), says });
const make = (path: string): Edit => ({ kind: 'make', path: at(path) });
const remove = (path: string): Edit => ({ kind: 'remove', path: at(path) });
const move = (path: string, to: string): Edit => ({ kind: 'move', path: at(path), to: at(to) });

/** A replica that holds `base`, and knows what another one has since made of it. */
function replicaOf({ base, remote, options }: Pick<Row, 'base' | 'remote' | 'options'>): Replica {
  const here = new Replica('h', options);
  const there = new Replica('t');
  for (const edit of base) there.edit(edit);
  there.scan();
  exchange([here, there]);
  for (const operation of here.plan(here.decisions()).operations) here.execute(operation);
  for (const edit of remote) there.edit(edit);
  there.scan();
  exchange([here, there]);
  here.fetched = 0;
  return here;
}

/** A step in one line. */
function lineOf(operation: Operation): string {
  const { kind, path } = operation;
  if (kind === 'hold-back') return `hold back ${path} for ${operation.becomes.status}`;
  if (kind === 'respell') return `respell ${operation.from.row.path} as ${path}`;
  if (kind === 'place-symlink') return `link ${path}`;
  if (kind === 'make-directory') return `make ${operation.becomes.status} ${path}`;
  if (kind !== 'place-file') return `${kind} ${path}`;
  const { source, replaces } = operation;
  const from =
    source.kind === 'move' ? ` ${source.from.row.path}` : source.kind === 'copy' ? ` ${source.path}` : '';
  return `${source.kind}${from} to ${path}${replaces === undefined ? '' : ` over ${replaces.row.path}`}`;
}

const folding: ReplicaOptions = { foldName: (name) => name.toLowerCase() };

interface Row {
  readonly says: string;
  readonly base: readonly Edit[];
  readonly remote: readonly Edit[];
  readonly options?: ReplicaOptions;
  readonly expect: readonly string[];
  readonly problems?: readonly string[];
}

const rows: readonly Row[] = [
  { says: 'nothing new [PL1]', base: [put('p', 'X')], remote: [], expect: [] },
  {
    says: 'directories come parents first, then files [PL2]',
    base: [],
    remote: [put('a/b/p', 'X'), make('c')],
    expect: ['make held a', 'make held a/b', 'make held c', 'fetch to a/b/p'],
  },
  {
    says: 'deletions come last, deepest first [PL2]',
    base: [put('a/b/p', 'X'), put('a/q', 'Y')],
    remote: [remove('a'), put('z', 'Z')],
    expect: ['fetch to z', 'retire a/q', 'retire a/b/p', 'remove-directory a/b', 'remove-directory a'],
  },
  {
    says: 'case-only rename without slots: a file would come and go for ever, and is one step [PL3]',
    base: [put('readme', 'X')],
    remote: [move('readme', 'README')],
    options: folding,
    expect: ['move readme to README'],
  },
  {
    says: 'case-only rename with an edit replaces in the slot [PL3]',
    base: [put('readme', 'X')],
    remote: [remove('readme'), put('README', 'Y')],
    options: folding,
    expect: ['fetch to README over readme'],
  },
  {
    says: 'case-only rename of a directory respells it with all it holds [PL3]',
    base: [put('Docs/p', 'X')],
    remote: [move('Docs', 'docs')],
    options: folding,
    expect: ['respell Docs as docs', 'move Docs/p to docs/p'],
  },
  {
    says: 'two names in one slot: the one that is here stays [PL3]',
    base: [put('b', 'X')],
    remote: [put('B', 'Y')],
    options: folding,
    expect: ['hold back B for name'],
    problems: ['name-clash B'],
  },
  {
    says: 'two new names in one slot: the smaller comes [PL3]',
    base: [],
    remote: [put('b', 'X'), put('B', 'Y')],
    options: folding,
    expect: ['hold back b for name', 'fetch to B'],
    problems: ['name-clash b'],
  },
  {
    says: 'a whole directory waits behind another spelling of it [PL3]',
    base: [put('Docs/p', 'X')],
    remote: [put('docs/q', 'Y')],
    options: folding,
    expect: ['hold back docs for name', 'hold back docs/q for name'],
    problems: ['name-clash docs', 'name-clash docs/q'],
  },
  {
    says: 'a file gives way to a directory and moves into it [PL4]',
    base: [put('p', 'X')],
    remote: [remove('p'), put('p/q', 'X')],
    expect: ['retire p', 'make held p', 'kept to p/q'],
  },
  {
    says: 'a directory gives way to a file that was in it [PL4]',
    base: [put('p/q', 'X')],
    remote: [remove('p'), put('p', 'X')],
    expect: ['retire p/q', 'remove-directory p', 'kept to p'],
  },
  {
    says: 'a file becomes a symlink [PL4]',
    base: [put('p', 'X')],
    remote: [put('p', 'link:t')],
    expect: ['link p'],
  },
  {
    says: 'a symlink becomes a directory [PL4]',
    base: [put('p', 'link:t')],
    remote: [remove('p'), make('p')],
    expect: ['retire p', 'make held p'],
  },
  {
    says: 'a rename is a move [PL7]',
    base: [put('p', 'X')],
    remote: [move('p', 'q')],
    expect: ['move p to q'],
  },
  {
    says: 'a renamed directory transfers nothing [PL7]',
    base: [put('a/p', 'X'), put('a/q', 'Y')],
    remote: [move('a', 'b')],
    expect: ['make held b', 'move a/p to b/p', 'move a/q to b/q', 'remove-directory a'],
  },
  {
    says: 'equal files keep their names in a move [PL7]',
    base: [put('a/p', 'X'), put('a/q', 'X')],
    remote: [move('a/q', 'b/q'), move('a/p', 'b/z')],
    expect: ['make held b', 'move a/q to b/q', 'move a/p to b/z'],
  },
  {
    says: 'an empty file is not moved [PL7]',
    base: [put('p', '')],
    remote: [move('p', 'q')],
    expect: ['fetch to q', 'retire p'],
  },
  {
    says: 'a copy of what stays is local [PL8]',
    base: [put('p', 'X')],
    remote: [put('q', 'X')],
    expect: ['copy p to q'],
  },
  {
    says: 'the same new content twice is fetched once [PL8]',
    base: [],
    remote: [put('p', 'X'), put('q', 'X')],
    expect: ['fetch to p', 'copy p to q'],
  },
  {
    says: 'one leaves, two come: one move and a copy of it [PL8]',
    base: [put('p', 'X')],
    remote: [move('p', 'r'), put('q', 'X')],
    expect: ['move p to q', 'copy q to r'],
  },
  {
    says: 'a rotation of logs moves each before its place is taken [PL9]',
    base: [put('log', 'A'), put('log.1', 'B'), put('log.2', 'C')],
    remote: [move('log.1', 'log.2'), move('log', 'log.1'), put('log', 'D')],
    expect: ['move log.1 to log.2 over log.2', 'move log to log.1', 'fetch to log'],
  },
  {
    says: 'a swap needs no order [PL9]',
    base: [put('p', 'X'), put('q', 'Y')],
    remote: [move('p', 't'), move('q', 'p'), move('t', 'q')],
    expect: ['move q to p over p', 'kept to q'],
  },
  {
    says: 'a ring of three [PL9]',
    base: [put('p', 'X'), put('q', 'Y'), put('r', 'Z')],
    remote: [move('p', 't'), move('q', 'p'), move('r', 'q'), move('t', 'r')],
    expect: ['move q to p over p', 'move r to q', 'kept to r'],
  },
  {
    says: 'what does not fit waits, what does comes [PL10]',
    base: [],
    remote: [put('a', 'Xxxxx'), put('b', 'Y'), put('c', 'Zzz')],
    options: { freeBytes: 4 },
    expect: ['hold back a for space', 'fetch to b', 'fetch to c'],
    problems: ['no-space a'],
  },
  {
    says: 'a new version that does not fit leaves the old one as it is [PL10]',
    base: [put('p', 'X')],
    remote: [put('p', 'Xxxxxxx')],
    options: { freeBytes: 4 },
    expect: [],
    problems: ['no-space p'],
  },
];

describe('a plan', () => {
  it.each(rows)('$says', ({ expect: expected, problems = [], ...row }) => {
    const here = replicaOf(row);
    const plan = here.plan(here.decisions());
    expect(plan.operations.map(lineOf)).toEqual(expected);
    expect(plan.problems.map(({ kind, path }) => `${kind} ${path}`)).toEqual(problems);
    for (const operation of plan.operations) here.execute(operation);
    expect(here.plan(here.decisions()).operations).toEqual([]);
  });

  const partly = (here: Replica, ...paths: string[]): FolderPlan =>
    here.plan(here.decisions().filter(({ path }) => paths.includes(path)));

  it('makes a missing parent as a directory nobody made, when its own decision is not in the plan [PL5]', () => {
    const here = replicaOf({ base: [], remote: [put('a/p', 'X')] });
    expect(partly(here, 'a/p').operations.map(lineOf)).toEqual(['make implied a', 'fetch to a/p']);
  });

  it('creates nothing below a symlink, and waits for the decision about it [PL5]', () => {
    const here = replicaOf({ base: [put('a', 'link:t')], remote: [remove('a'), put('a/p', 'X')] });
    expect(partly(here, 'a/p')).toMatchObject({ operations: [], deferred: [at('a/p')] });
  });

  it('leaves a directory whose content has no decision in the plan [PL6]', () => {
    const here = replicaOf({ base: [put('a/b/p', 'X')], remote: [remove('a')] });
    expect(partly(here, 'a', 'a/b')).toMatchObject({ operations: [], deferred: [at('a'), at('a/b')] });
    const late = replicaOf({ base: [put('a/b/p', 'X')], remote: [put('a', 'Y')] });
    expect(partly(late, 'a', 'a/b')).toMatchObject({ operations: [], deferred: [at('a'), at('a/b')] });
  });

  it('puts no file where a directory lingers, and says why [PL6]', () => {
    const here = replicaOf({ base: [put('a/p', 'X')], remote: [put('a', 'Y')] });
    const row = here.base.get(at('a/p'));
    if (row !== undefined) here.base.set(at('a/p'), { ...row, status: 'ignored' });
    const { operations, problems } = partly(here, 'a');
    expect(operations).toEqual([]);
    expect(problems).toEqual([{ kind: 'lingering', path: at('a'), where: 'a' }]);
  });

  it('says what a directory that turns out not to be empty is from then on [PL6]', () => {
    const here = replicaOf({ base: [make('a')], remote: [remove('a')] });
    const [operation] = here.plan(here.decisions()).operations;
    expect(operation).toMatchObject({
      kind: 'remove-directory',
      lingers: { status: 'lingering', shown: undefined, content: undefined },
    });
  });
});
