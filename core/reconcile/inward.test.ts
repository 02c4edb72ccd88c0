import { describe, expect, it } from 'vitest';
import type { BaseRow } from '../model/base-row.ts';
import type { Content, Member } from '../model/entry.ts';
import { emptyPast } from '../model/past.ts';
import { type Decision, decideInward, type InwardPath, viewOf } from './reconcile.ts';
import { at, hashOf, member, pastOf, seenOnDisk } from './testing/members.ts';

const file = (says: string): Content => ({ kind: 'file', content: hashOf(says), sizeBytes: says.length });
const directory: Content = { kind: 'directory' };
const x = member({ dot: 'a1', says: 'X' });
const y = member({ dot: 'b1', seen: ['a1'], says: 'Y' });
const gone = member({ dot: 'b1', seen: ['a1'], says: 'gone' });
const dir = member({ dot: 'b1', says: 'dir' });
const heldX: BaseRow = {
  path: at('p'),
  status: 'held',
  shown: x.hash,
  content: file('X'),
  seen: pastOf('a1'),
  observed: seenOnDisk('file'),
};
const heldDir: BaseRow = {
  ...heldX,
  shown: dir.hash,
  content: directory,
  seen: pastOf('b1'),
  observed: seenOnDisk('directory'),
};
const lingering: BaseRow = { ...heldDir, status: 'lingering', shown: undefined, content: undefined };

interface Row extends Omit<Partial<InwardPath>, 'view' | 'path'> {
  readonly says: string;
  readonly remote?: readonly Member[];
  readonly below?: boolean;
  readonly expect: {
    readonly kind: Decision['kind'];
    readonly becomes?: Partial<BaseRow> | undefined;
    readonly replaces?: BaseRow | undefined;
  };
}

const rows: readonly Row[] = [
  { says: 'nothing wanted, nothing there [RC30]', expect: { kind: 'nothing' } },
  { says: 'the disk shows it [RC30]', base: heldX, remote: [x], expect: { kind: 'nothing' } },
  {
    says: 'same content by another entry: the seen set follows without the disk [RC31]',
    base: heldX,
    remote: [x, member({ dot: 'c1', says: 'X' })],
    expect: { kind: 'adopt', becomes: { seen: pastOf('a1', 'c1'), observed: heldX.observed } },
  },
  {
    says: 'a deletion of what was never here is remembered [RC31]',
    remote: [gone],
    expect: {
      kind: 'adopt',
      becomes: { status: 'held', content: undefined, shown: gone.hash, seen: pastOf('a1', 'b1') },
    },
  },
  {
    says: 'a forgotten deletion leaves no row [RC31]',
    base: { ...heldX, shown: gone.hash, content: undefined, observed: undefined },
    expect: { kind: 'adopt', becomes: undefined },
  },
  {
    says: 'a new version in place of the old [RC32]',
    base: heldX,
    remote: [y],
    expect: {
      kind: 'place',
      replaces: heldX,
      becomes: { shown: y.hash, seen: pastOf('a1', 'b1'), observed: undefined },
    },
  },
  { says: 'a new file [RC32]', remote: [y], expect: { kind: 'place', replaces: undefined } },
  {
    says: 'a symlink in place of a file [RC32]',
    base: heldX,
    remote: [member({ dot: 'b1', says: 'link:t' })],
    expect: { kind: 'place', replaces: heldX },
  },
  {
    says: 'a file in place of a directory [RC32]',
    base: heldDir,
    remote: [y],
    expect: { kind: 'place', replaces: heldDir },
  },
  ...(['waiting', 'name', 'space', 'kind'] as const).map((status) => ({
    says: `held back (${status}) and no longer: it comes [RC32]`,
    base: { ...heldX, status, shown: undefined, content: undefined, observed: undefined },
    remote: [x],
    expect: { kind: 'place' as const, replaces: undefined },
  })),
  {
    says: 'other mode, same bytes [RC33]',
    base: heldX,
    remote: [member({ dot: 'b1', seen: ['a1'], says: 'X', executable: true })],
    expect: { kind: 'set-metadata', replaces: heldX },
  },
  {
    says: 'a disk that could not keep the time is not asked twice [RC33]',
    base: { ...heldX, observed: seenOnDisk('file', { modifiedAtNs: 99n }) },
    remote: [x],
    expect: { kind: 'nothing' },
  },
  {
    says: 'a deletion [RC34]',
    base: heldX,
    remote: [gone],
    expect: { kind: 'remove', replaces: heldX, becomes: { shown: gone.hash, observed: undefined } },
  },
  {
    says: 'a directory for what lived below it goes with the last of that, and its row too [RC34]',
    base: { ...heldDir, status: 'implied', shown: undefined },
    expect: { kind: 'remove', becomes: undefined },
  },
  {
    says: 'a lingering directory is left alone [RC34]',
    base: lingering,
    remote: [gone],
    expect: { kind: 'nothing' },
  },
  {
    says: 'a lingering directory found empty goes [RC34]',
    base: lingering,
    remote: [gone],
    isEmpty: true,
    expect: { kind: 'remove' },
  },
  {
    says: 'a directory someone made [RC35]',
    remote: [dir],
    expect: { kind: 'make-directory', becomes: { status: 'held', shown: dir.hash } },
  },
  {
    says: 'a directory for what lives below it [RC35]',
    below: true,
    expect: { kind: 'make-directory', becomes: { status: 'implied', shown: undefined, content: directory } },
  },
  {
    says: 'a directory in place of a file, the file a conflict [RC35]',
    base: heldX,
    remote: [x],
    below: true,
    expect: { kind: 'make-directory', replaces: heldX, becomes: { status: 'implied', seen: emptyPast } },
  },
  {
    says: 'a lingering directory wanted again [RC35]',
    base: lingering,
    remote: [dir],
    expect: { kind: 'adopt', becomes: { status: 'held', shown: dir.hash } },
  },
  {
    says: 'an implied directory that someone has made since [RC35]',
    base: { ...heldDir, status: 'implied', shown: undefined },
    remote: [dir],
    below: true,
    expect: { kind: 'adopt', becomes: { status: 'held' } },
  },
  {
    says: 'given up by a rule: the status first, the disk as it is [RC36]',
    base: heldX,
    remote: [y],
    obstacle: 'ignored',
    expect: { kind: 'hold-back', becomes: { ...heldX, status: 'ignored' } },
  },
  {
    says: 'not taken on [RC36]',
    remote: [y],
    obstacle: 'kind',
    expect: { kind: 'hold-back', becomes: { status: 'kind', seen: emptyPast, observed: undefined } },
  },
  {
    says: 'not taken on, still [RC36]',
    base: { ...heldX, status: 'ignored' },
    remote: [y],
    obstacle: 'ignored',
    expect: { kind: 'nothing' },
  },
  {
    says: 'left out no more, but not looked at yet: what its row says may be long over [RC36]',
    base: { ...heldX, status: 'ignored' },
    remote: [y],
    expect: { kind: 'nothing' },
  },
  {
    says: 'left out no more, and nothing was there [RC36]',
    base: { ...heldX, status: 'unselected', content: undefined, observed: undefined },
    remote: [y],
    expect: { kind: 'place', replaces: undefined },
  },
  {
    says: 'a change kept here only waits for its user [RC37]',
    base: { ...heldX, status: 'local-change' },
    remote: [y],
    expect: { kind: 'nothing' },
  },
];

describe('what a path needs to show the view', () => {
  it.each(rows)('$says', ({ base, remote = [], below = false, obstacle, isEmpty, expect: expected }) => {
    const decision = decideInward({
      path: at('p'),
      view: viewOf(remote, below),
      base,
      ...(obstacle === undefined ? {} : { obstacle }),
      ...(isEmpty === undefined ? {} : { isEmpty }),
    });
    expect(decision).toMatchObject(expected);
    const dropsRow = 'becomes' in expected && expected.becomes === undefined;
    expect(decision.kind !== 'nothing' && decision.becomes === undefined).toBe(dropsRow);
  });
});
