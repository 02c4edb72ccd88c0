import { describe, expect, it } from 'vitest';
import type { BaseRow, Intent } from '../model/base-row.ts';
import type { Observed } from '../model/disk.ts';
import type { Content, Member } from '../model/entry.ts';
import { emptyPast } from '../model/past.ts';
import { classifyPath, type Finding, type ScannedPath, viewOf } from './reconcile.ts';
import { at, hashOf, member, pastOf, prefix, seenOnDisk } from './testing/members.ts';

const file = (says: string): Content => ({ kind: 'file', content: hashOf(says), sizeBytes: says.length });
const directory: Content = { kind: 'directory' };

const x = member({ dot: 'a1', says: 'X', from: ['W'], executable: false });
const y = member({ dot: 'b1', says: 'Y', changedAt: 9 });
const onDisk = seenOnDisk('file', { inode: 5n });
const gone = member({ dot: 'c1', says: 'gone', from: ['X'] });
const edited = seenOnDisk('file', { inode: 6n, modifiedAtNs: 7n });
const heldX: BaseRow = {
  path: at('p'),
  status: 'held',
  shown: x.hash,
  content: file('X'),
  seen: pastOf('a1'),
  observed: onDisk,
};
const heldTombstone: BaseRow = {
  ...heldX,
  shown: hashOf('t'),
  content: undefined,
  seen: pastOf('c1'),
  observed: undefined,
};
const staged = seenOnDisk('file', { inode: 8n, changedAtNs: 1n });
const placing: Intent = {
  path: at('p'),
  stagedName: 's',
  staged,
  replaced: onDisk,
  version: undefined,
  becomes: { ...heldX, shown: y.hash, content: file('Y'), seen: pastOf('a1', 'b1'), observed: undefined },
};
const retiring: Intent = { ...placing, stagedName: undefined, staged: undefined, becomes: heldTombstone };

interface Row {
  readonly says: string;
  readonly base?: BaseRow;
  readonly intent?: Intent;
  readonly local?: Observed;
  readonly content?: Content;
  readonly remote?: readonly Member[];
  readonly below?: boolean;
  readonly wasWatched?: boolean;
  readonly expect:
    | Partial<Finding & { kind: 'write' }>
    | { readonly kind: 'adopt'; readonly because: string; readonly row?: Partial<BaseRow> | undefined }
    | { kind: Finding['kind'] };
}

const rows: readonly Row[] = [
  {
    says: 'untouched: nothing [RC20]',
    base: heldX,
    local: onDisk,
    remote: [y],
    expect: { kind: 'unchanged' },
  },
  { says: 'nothing before, nothing now [RC20]', expect: { kind: 'unchanged' } },
  {
    says: 'an intent that was never carried out, the disk as before [RC20]',
    base: heldX,
    intent: placing,
    local: onDisk,
    expect: { kind: 'unchanged' },
  },
  {
    says: 'a FIFO says nothing of the path, not even that the file is gone [RC20]',
    base: heldX,
    local: seenOnDisk('other'),
    expect: { kind: 'special' },
  },
  { says: 'changed, and not read yet [RC20]', base: heldX, local: edited, expect: { kind: 'needs-content' } },
  {
    says: 'no intents: a crash after rename would make a conflict of our own staged file [RC21]',
    base: heldX,
    intent: placing,
    local: staged,
    remote: [y],
    expect: {
      kind: 'adopt',
      because: 'intent',
      row: { shown: y.hash, seen: pastOf('a1', 'b1'), observed: staged },
    },
  },
  {
    says: 'our staged content by another identity is ours too [RC21]',
    base: heldX,
    intent: placing,
    local: edited,
    content: file('Y'),
    expect: { kind: 'adopt', because: 'intent', row: { shown: y.hash, observed: edited } },
  },
  {
    says: 'no intents: half a type swap would be a deletion, which it is not [RC22]',
    base: heldX,
    intent: placing,
    expect: { kind: 'redo-intent' },
  },
  {
    says: 'what we were to remove and is gone was removed by us [RC22]',
    base: heldX,
    intent: retiring,
    remote: [x],
    expect: { kind: 'adopt', because: 'intent', row: { content: undefined, seen: pastOf('c1') } },
  },
  {
    says: 'edited through the staged inode: upon what we had put there [RC23]',
    base: heldX,
    intent: placing,
    local: seenOnDisk('file', { inode: 8n, sizeBytes: 3 }),
    content: file('Z'),
    expect: {
      kind: 'write',
      because: 'upon-intent',
      seen: pastOf('a1', 'b1'),
      from: [prefix('Y'), prefix('X'), prefix('W')],
    },
  },
  {
    says: 'saved by rename in mid-commit: upon what was there before [RC23]',
    base: heldX,
    intent: placing,
    local: edited,
    content: file('Z'),
    remote: [y],
    expect: { kind: 'write', because: 'edit', seen: pastOf('a1') },
  },
  {
    says: 'only a new inode, same bytes and mode: the row follows [RC24]',
    base: heldX,
    local: { ...onDisk, inode: 9n },
    content: file('X'),
    expect: { kind: 'adopt', because: 'refreshed', row: { shown: x.hash, seen: pastOf('a1') } },
  },
  {
    says: 'touched: a write of the same content [RC24]',
    base: heldX,
    local: { ...onDisk, modifiedAtNs: 3n },
    content: file('X'),
    expect: {
      kind: 'write',
      because: 'metadata',
      content: file('X'),
      seen: pastOf('a1'),
      from: [prefix('W')],
    },
  },
  {
    says: 'made executable: a write of the same content [RC24]',
    base: heldX,
    local: { ...onDisk, mode: 0o755 },
    content: file('X'),
    expect: { kind: 'write', because: 'metadata' },
  },
  {
    says: 'touched while it was ignored: a write, as any change of that time is [RC24]',
    base: { ...heldX, status: 'ignored' },
    local: { ...onDisk, modifiedAtNs: 3n },
    content: file('X'),
    expect: { kind: 'write', because: 'metadata', content: file('X'), seen: pastOf('a1') },
  },
  {
    says: 'group bits are not kept: no write [RC24]',
    base: heldX,
    local: { ...onDisk, mode: 0o664 },
    content: file('X'),
    expect: { kind: 'adopt', because: 'refreshed' },
  },
  {
    says: 'a directory has no times: no write [RC24]',
    base: { ...heldX, content: directory, observed: seenOnDisk('directory') },
    local: seenOnDisk('directory', { mode: 0o700, modifiedAtNs: 4n }),
    expect: { kind: 'adopt', because: 'refreshed' },
  },
  {
    says: 'no lingering state: a directory nobody wants is refreshed, never written [RC24]',
    base: {
      ...heldX,
      status: 'lingering',
      shown: undefined,
      content: undefined,
      observed: seenOnDisk('directory'),
    },
    local: seenOnDisk('directory', { mode: 0o700 }),
    expect: { kind: 'adopt', because: 'refreshed', row: { status: 'lingering' } },
  },
  {
    says: 'the same edit here and there: no write [RC25]',
    base: heldX,
    local: { ...edited, modifiedAtNs: 0n },
    content: file('Y'),
    remote: [y],
    expect: { kind: 'adopt', because: 'view', row: { shown: y.hash, seen: pastOf('b1') } },
  },
  {
    says: 'the same edit with another time: the row leaves the metadata to the inward path [RC25]',
    base: heldX,
    local: edited,
    content: file('Y'),
    remote: [y],
    expect: {
      kind: 'adopt',
      because: 'view',
      row: { shown: undefined, content: file('Y'), seen: pastOf('b1') },
    },
  },
  {
    says: 'deleted here and there: no second tombstone [RC25]',
    base: heldX,
    remote: [member({ dot: 'b2', seen: ['a1'], says: 'gone' })],
    expect: { kind: 'adopt', because: 'view', row: { content: undefined, seen: pastOf('a1', 'b2') } },
  },
  {
    says: 'a user picks the other version of a conflict [RC26]',
    base: { ...heldX, shown: y.hash, content: file('Y'), seen: pastOf('b1') },
    local: edited,
    content: file('X'),
    remote: [x, y],
    expect: { kind: 'write', because: 'choice', seen: pastOf('a1', 'b1'), from: [prefix('Y'), prefix('W')] },
  },
  {
    says: 'an edit upon what was there [RC27]',
    base: heldX,
    local: edited,
    content: file('Z'),
    remote: [y],
    expect: {
      kind: 'write',
      because: 'edit',
      seen: pastOf('a1'),
      found: false,
      from: [prefix('X'), prefix('W')],
    },
  },
  {
    says: 'a file made again after its deletion stands upon the deletion [RC27]',
    base: heldTombstone,
    local: edited,
    content: file('X'),
    remote: [member({ dot: 'c1', says: 'gone', from: ['X'] })],
    expect: { kind: 'write', because: 'new', seen: pastOf('c1'), found: false },
  },
  {
    says: 'a new file in a directory that was watched is no find [RC27]',
    local: edited,
    content: file('Z'),
    expect: { kind: 'write', because: 'new', seen: emptyPast, found: false },
  },
  {
    says: 'a file where a directory stood that nobody made [RC27]',
    base: {
      ...heldX,
      status: 'implied',
      shown: undefined,
      content: directory,
      observed: seenOnDisk('directory'),
    },
    local: edited,
    content: file('Z'),
    expect: { kind: 'write', because: 'edit' },
  },
  {
    says: 'first scan: a file nobody knows is found [RC28]',
    local: edited,
    content: file('Z'),
    wasWatched: false,
    expect: { kind: 'write', because: 'found', seen: emptyPast, found: true, from: [] },
  },
  {
    says: 'index lost: equal to the winner, no write [RC28]',
    local: onDisk,
    content: file('Y'),
    remote: [x, y],
    wasWatched: false,
    expect: { kind: 'adopt', because: 'view', row: { shown: y.hash, seen: pastOf('b1') } },
  },
  {
    says: "index lost: equal to another member, with that one's past [RC28]",
    local: onDisk,
    content: file('X'),
    remote: [x, y],
    wasWatched: false,
    expect: { kind: 'adopt', because: 'member', row: { shown: x.hash, seen: pastOf('a1') } },
  },
  {
    says: 'index lost: an old version comes with an empty seen set and no write [RC28]',
    local: onDisk,
    content: file('W'),
    remote: [x],
    wasWatched: false,
    expect: {
      kind: 'adopt',
      because: 'stale',
      row: { shown: undefined, content: file('W'), seen: emptyPast },
    },
  },
  {
    says: 'index lost: what was deleted meanwhile is stale, not new [RC28]',
    local: onDisk,
    content: file('X'),
    remote: [member({ dot: 'b2', says: 'gone', from: ['X'] })],
    wasWatched: false,
    expect: { kind: 'adopt', because: 'stale', row: { seen: emptyPast } },
  },
  {
    says: 'index lost: a row made of what others say is no look: what was deleted meanwhile is stale [RC28]',
    base: heldTombstone,
    local: onDisk,
    content: file('X'),
    remote: [member({ dot: 'c1', says: 'gone', from: ['X'] })],
    wasWatched: false,
    expect: { kind: 'adopt', because: 'stale', row: { seen: emptyPast } },
  },
  {
    says: 'left out until now: what is there was not seen before, though the directory was watched [RC28]',
    base: { ...heldX, status: 'ignored', shown: undefined, content: undefined, observed: undefined },
    local: onDisk,
    content: file('W'),
    remote: [x],
    expect: { kind: 'adopt', because: 'stale', row: { shown: undefined, seen: emptyPast } },
  },
  {
    says: 'left out until now: what is gone was not deleted for the others [RC29]',
    base: { ...heldX, status: 'ignored' },
    remote: [x],
    expect: { kind: 'adopt', because: 'gone', row: undefined },
  },
  {
    says: 'index lost: what was never synced stands beside a deletion it did not see [RC28]',
    base: { ...heldTombstone, shown: gone.hash },
    local: onDisk,
    content: file('Z'),
    remote: [gone],
    wasWatched: false,
    expect: { kind: 'write', because: 'found', seen: emptyPast, found: true, from: [] },
  },
  {
    says: 'deleted by the user [RC29]',
    base: heldX,
    remote: [y],
    expect: {
      kind: 'write',
      because: 'deletion',
      content: undefined,
      seen: pastOf('a1'),
      from: [prefix('X'), prefix('W')],
    },
  },
  ...(['ignored', 'unselected', 'implied', 'lingering', 'local-change', 'waiting'] as const).map(
    (status) => ({
      says: `${status} and gone: never a deletion [RC29]`,
      base: { ...heldX, status },
      remote: [x],
      expect: { kind: 'adopt' as const, because: 'gone', row: undefined },
    }),
  ),
];

describe('what a scanned path means', () => {
  it.each(rows)(
    '$says',
    ({ base, intent, local, content, remote = [], below = false, wasWatched = true, expect: expected }) => {
      const scanned: ScannedPath = {
        path: at('p'),
        base,
        intent,
        observed: local,
        content,
        view: viewOf(remote, below),
        members: remote,
        shownFrom: [x, ...remote].find(({ hash }) => hash === base?.shown)?.entry.from ?? [],
        wasWatched,
      };
      expect(classifyPath(scanned)).toMatchObject(expected);
    },
  );
});
