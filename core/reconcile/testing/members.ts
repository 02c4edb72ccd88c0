import type { Observed } from '../../model/disk.ts';
import type { Entry, Member } from '../../model/entry.ts';
import { type DeviceKey, type Hash, type HashPrefix, type IncarnationId, prefixOf } from '../../model/ids.ts';
import { type Dot, emptyPast, extendPast, type Past, unionPasts } from '../../model/past.ts';
import { type RelativePath, relativePath } from '../../model/path.ts';
import { prefixOfContent } from '../reconcile.ts';

/** A 64-digit name for `text`; different for different short texts, and that is all a test needs. */
export function hashOf(text: string): Hash {
  let digits = '';
  for (let round = 0; round < 8; round++) {
    let state = (0x811c9dc5 ^ (round * 0x9e3779b9)) >>> 0;
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    digits += state.toString(16).padStart(8, '0');
  }
  return digits as Hash;
}

/** The incarnation whose name is one letter. */
export const incarnation = (letter: string): IncarnationId =>
  letter.charCodeAt(0).toString(16).padStart(16, '0') as IncarnationId;

/** `a7` is write 7 of incarnation `a`. */
export function dot(text: string): Dot {
  return { incarnation: incarnation(text[0] as string), counter: Number(text.slice(1)) };
}

/** The past that holds exactly these writes. */
export function pastOf(...texts: readonly string[]): Past {
  let past = emptyPast;
  for (const text of texts) {
    const holes: Dot[] = [];
    for (let counter = 1; counter < dot(text).counter; counter++)
      holes.push({ incarnation: dot(text).incarnation, counter });
    past = unionPasts(past, extendPast(emptyPast, dot(text), holes));
  }
  return past;
}

/** The `from` prefix of the file content called `text`. */
export const prefix = (text: string): HashPrefix => prefixOf(hashOf(text));

/** What a member says, in short: file content `X`, `link:t`, `dir` or `gone`. */
export interface Sketch {
  readonly at?: string;
  /** Its dot, such as `a7`. */
  readonly dot: string;
  /** Writes it has seen besides its own. */
  readonly seen?: readonly string[];
  readonly past?: Past;
  readonly says: string;
  readonly changedAt?: number;
  /** Contents it was edited from, in the same short form. */
  readonly from?: readonly string[];
  readonly found?: boolean;
  readonly executable?: boolean;
  readonly modifiedAtNs?: bigint;
}

const sketchPrefix = (says: string): HashPrefix =>
  says === 'dir'
    ? prefixOfContent({ kind: 'directory' })
    : says.startsWith('link:')
      ? prefixOfContent({ kind: 'symlink', target: says.slice(5) })
      : prefix(says);

/** A member as its author would have written it. */
export function member(sketch: Sketch): Member {
  const { says } = sketch;
  const common = {
    path: relativePath(sketch.at ?? 'p'),
    dot: dot(sketch.dot),
    past: sketch.past ?? pastOf(sketch.dot, ...(sketch.seen ?? [])),
    changedAt: sketch.changedAt ?? dot(sketch.dot).counter,
    from: (sketch.from ?? []).map(sketchPrefix),
    found: sketch.found ?? false,
  };
  return memberOf(entryOf(says, common, sketch), sketch.dot[0] as string);
}

function entryOf(says: string, common: Omit<Entry, 'kind'>, sketch: Sketch): Entry {
  if (says === 'gone') return { kind: 'tombstone', ...common };
  if (says === 'dir') return { kind: 'directory', ...common };
  if (says.startsWith('link:')) return { kind: 'symlink', ...common, symlink: { target: says.slice(5) } };
  const { executable = false, modifiedAtNs = 0n } = sketch;
  return {
    kind: 'file',
    ...common,
    file: { sizeBytes: says.length, executable, modifiedAtNs, content: hashOf(says) },
  };
}

/** `entry` as signed by the device whose name is one letter. */
export function memberOf(entry: Entry, device: string): Member {
  const author = hashOf(`device ${device}`) as string as DeviceKey;
  const text = JSON.stringify(entry, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return { entry, author, hash: hashOf(author + text) };
}

/** Something on disk. */
export function seenOnDisk(kind: Observed['kind'], facts: Partial<Observed> = {}): Observed {
  return {
    kind,
    sizeBytes: 1,
    modifiedAtNs: 0n,
    changedAtNs: 0n,
    inode: 1n,
    device: 1n,
    mode: kind === 'directory' ? 0o755 : 0o644,
    links: 1,
    ...facts,
  };
}

/** The path called `text`. */
export const at = (text: string): RelativePath => relativePath(text);
