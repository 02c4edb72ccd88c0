import { compareText, invariant } from '../../base/pure.ts';
import type { BaseRow } from '../../model/base-row.ts';
import type { Observed } from '../../model/disk.ts';
import { type Content, type Entry, type Member, sameContent } from '../../model/entry.ts';
import type { Hash } from '../../model/ids.ts';
import type { Dot } from '../../model/past.ts';
import { ancestorsOf, isBelow, parentOf, type RelativePath } from '../../model/path.ts';
import {
  classifyPath,
  type Decision,
  decideInward,
  mergeMembers,
  type PathView,
  viewOf,
  writePast,
} from '../../reconcile/reconcile.ts';
import { hashOf, incarnation, memberOf, seenOnDisk } from '../../reconcile/testing/members.ts';
import { type BaseLookup, type Displaced, type FolderPlan, type Operation, planFolder } from '../plan.ts';

/** What a user can do to a tree. A `put` or `make` clears whatever is in its way. */
export type Edit =
  | { readonly kind: 'put'; readonly path: RelativePath; readonly says: string }
  | { readonly kind: 'make'; readonly path: RelativePath }
  | { readonly kind: 'remove'; readonly path: RelativePath }
  | { readonly kind: 'move'; readonly path: RelativePath; readonly to: RelativePath };

/** Something on the disk, with the spelling the disk has for it. */
interface Thing {
  readonly path: RelativePath;
  readonly content: Content;
  readonly observed: Observed;
}

export interface ReplicaOptions {
  readonly foldName?: (name: string) => string;
  readonly freeBytes?: number;
}

/** One device's disk, base and state, whose inward path is the planner and an executor that allows no step its preconditions forbid. */
export class Replica {
  readonly name: string;
  readonly state = new Map<RelativePath, readonly Member[]>();
  readonly base = new Map<RelativePath, BaseRow>();
  /** By slot. */
  readonly disk = new Map<string, Thing>();
  /** Contents in the version store. */
  readonly versions = new Set<string>();
  /** Bytes that had to be fetched. */
  fetched = 0;
  private readonly foldName: ((name: string) => string) | undefined;
  private readonly freeBytes: number;
  private readonly ownDots = new Map<RelativePath, Dot[]>();
  private inode = 0n;
  private counter = 0;

  constructor(name: string, { foldName, freeBytes = Number.MAX_SAFE_INTEGER }: ReplicaOptions = {}) {
    this.name = name;
    this.foldName = foldName;
    this.freeBytes = freeBytes;
  }

  slotOf(path: RelativePath): string {
    const { foldName } = this;
    return foldName === undefined ? path : path.split('/').map(foldName).join('/');
  }

  /** What the disk shows, by path as it spells it. */
  tree(): Map<RelativePath, Content> {
    return new Map(
      [...this.disk.values()]
        .sort((a, b) => compareText(a.path, b.path))
        .map(({ path, content }) => [path, content] as const),
    );
  }

  /** A user's doing. */
  edit(edit: Edit): void {
    switch (edit.kind) {
      case 'put':
        return this.put(edit.path, fileContent(edit.says));
      case 'make':
        return this.put(edit.path, { kind: 'directory' });
      case 'remove':
        return this.clear(this.spelled(edit.path));
      case 'move':
        return this.move(this.spelled(edit.path), this.spelled(edit.to));
    }
  }

  private move(from: RelativePath, to: RelativePath): void {
    if (from === to || isBelow(to, from) || isBelow(from, to)) return;
    const moved = [...this.disk.values()].filter((thing) => thing.path === from || isBelow(thing.path, from));
    this.clear(from);
    this.clear(to);
    for (const thing of moved) this.put((to + thing.path.slice(from.length)) as RelativePath, thing.content);
  }

  /** `path` with the spelling of what stands in its way. */
  private spelled(path: RelativePath): RelativePath {
    const standing = this.disk.get(this.slotOf(path));
    if (standing !== undefined) return standing.path;
    const parent = parentOf(path);
    return parent === undefined ? path : ((this.spelled(parent) + path.slice(parent.length)) as RelativePath);
  }

  private put(wanted: RelativePath, content: Content): void {
    const path = this.spelled(wanted);
    for (const ancestor of ancestorsOf(path).reverse()) {
      const standing = this.disk.get(this.slotOf(ancestor));
      if (standing?.content.kind === 'directory') continue;
      this.disk.set(this.slotOf(ancestor), {
        path: ancestor,
        content: { kind: 'directory' },
        observed: this.fresh('directory'),
      });
    }
    const standing = this.disk.get(this.slotOf(path));
    if (content.kind === 'directory' && standing?.content.kind === 'directory') return;
    if (standing !== undefined) this.clear(standing.path);
    this.disk.set(this.slotOf(path), { path, content, observed: this.fresh(content.kind) });
  }

  private clear(path: RelativePath): void {
    for (const [slot, thing] of this.disk)
      if (thing.path === path || isBelow(thing.path, path)) this.disk.delete(slot);
  }

  private fresh(kind: Observed['kind']): Observed {
    this.inode += 1n;
    return seenOnDisk(kind, { inode: this.inode, changedAtNs: this.inode });
  }

  /** Looks at the whole disk and writes what the user did; returns how many entries that made. */
  scan(): number {
    let written = 0;
    const things = new Map([...this.disk.values()].map((thing) => [thing.path, thing]));
    for (const path of [...new Set([...things.keys(), ...this.base.keys()])].sort()) {
      const thing = things.get(path);
      const base = this.base.get(path);
      const shown = (this.state.get(path) ?? []).find(({ hash }) => hash === base?.shown);
      const finding = classifyPath({
        path,
        base,
        intent: undefined,
        observed: thing?.observed,
        content: thing?.content,
        view: this.viewAt(path),
        members: this.state.get(path) ?? [],
        shownFrom: shown?.entry.from ?? [],
        wasWatched: true,
      });
      if (finding.kind === 'adopt') this.record(path, finding.row);
      if (finding.kind !== 'write') continue;
      written += 1;
      this.counter += 1;
      const dot = { incarnation: incarnation(this.name), counter: this.counter };
      const members = this.state.get(path) ?? [];
      const past = writePast({ seen: finding.seen, dot, members, ownDots: this.ownDots.get(path) ?? [] });
      this.ownDots.set(path, [...(this.ownDots.get(path) ?? []), dot]);
      const common = { path, dot, past, changedAt: this.counter, from: finding.from, found: finding.found };
      const member = memberOf(entryOf(common, finding.content), this.name);
      const observed = thing?.observed;
      this.record(path, {
        path,
        status: 'held',
        shown: member.hash,
        content: finding.content,
        seen: past,
        observed,
      });
      this.receive([member]);
    }
    return written;
  }

  receive(members: readonly Member[]): void {
    for (const member of members) {
      const { path } = member.entry;
      this.state.set(path, mergeMembers(this.state.get(path) ?? [], [member]).members);
    }
  }

  viewAt(path: RelativePath): PathView {
    return viewOf(this.state.get(path) ?? [], this.livingDirectories().has(path));
  }

  private livingDirectories(): Set<RelativePath> {
    const directories = new Set<RelativePath>();
    for (const [path, members] of this.state) {
      if (viewOf(members, false).content !== undefined)
        for (const ancestor of ancestorsOf(path)) directories.add(ancestor);
    }
    return directories;
  }

  /** What has to be done here, by path. */
  decisions(): Decision[] {
    const directories = this.livingDirectories();
    const paths = new Set([...this.state.keys(), ...this.base.keys(), ...directories]);
    return [...paths]
      .sort()
      .map((path) => {
        const isEmpty = ![...this.disk.values()].some((thing) => isBelow(thing.path, path));
        const view = viewOf(this.state.get(path) ?? [], directories.has(path));
        return decideInward({ path, view, base: this.base.get(path), isEmpty });
      })
      .filter((decision) => decision.kind !== 'nothing');
  }

  plan(decisions: readonly Decision[]): FolderPlan {
    const { foldName, freeBytes } = this;
    return planFolder({ decisions, base: this.lookup(), foldName, freeBytes });
  }

  private lookup(): BaseLookup {
    const rows = (): BaseRow[] => [...this.base.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
      at: (path) => this.base.get(path),
      children: (directory) => rows().filter((row) => parentOf(row.path) === directory),
      holding: (content, limit) =>
        rows()
          .filter(
            (row) => row.status === 'held' && row.observed !== undefined && isFileOf(row.content, content),
          )
          .slice(0, limit),
    };
  }

  /** Carries out one step; throws if the plan was wrong to ask for it now. */
  execute(operation: Operation): void {
    switch (operation.kind) {
      case 'adopt':
      case 'hold-back':
        return this.record(operation.path, operation.becomes);
      case 'set-metadata':
        return this.record(operation.path, {
          ...operation.becomes,
          observed: this.standing(operation.path).observed,
        });
      case 'retire':
        return this.retire(operation.from);
      case 'respell':
        return this.respell(operation);
      case 'make-directory':
        return this.makeDirectory(operation.path, operation.becomes);
      case 'remove-directory':
        return this.removeDirectory(operation.from);
      case 'place-file':
        this.take(operation);
        return this.place(operation.path, operation.replaces, operation.becomes);
      case 'place-symlink':
        return this.place(operation.path, operation.replaces, operation.becomes);
    }
  }

  private retire({ row, leaves }: Displaced): void {
    const thing = this.standing(row.path);
    invariant(thing.content.kind !== 'directory', 'only files and symlinks are retired');
    invariant(sameContent(thing.content, row.content), 'what is retired is what base says');
    this.versions.add(nameOfContent(thing.content));
    this.disk.delete(this.slotOf(row.path));
    this.record(row.path, leaves);
  }

  private respell({ path, from, becomes }: Operation & { kind: 'respell' }): void {
    const thing = this.standing(from.row.path);
    invariant(this.slotOf(path) === this.slotOf(from.row.path), 'a respelling stays in its slot');
    for (const [slot, below] of this.disk) {
      if (below.path !== thing.path && !isBelow(below.path, thing.path)) continue;
      this.disk.set(slot, { ...below, path: (path + below.path.slice(path.length)) as RelativePath });
    }
    this.record(from.row.path, from.leaves);
    this.record(path, { ...becomes, observed: thing.observed });
  }

  private makeDirectory(path: RelativePath, becomes: BaseRow): void {
    this.checkParent(path);
    invariant(!this.disk.has(this.slotOf(path)), 'nothing is where a directory is made');
    const observed = this.fresh('directory');
    this.disk.set(this.slotOf(path), { path, content: { kind: 'directory' }, observed });
    this.record(path, { ...becomes, observed });
  }

  private removeDirectory({ row, leaves }: Displaced): void {
    invariant(this.standing(row.path).content.kind === 'directory', 'only directories are removed as such');
    const isEmpty = ![...this.disk.values()].some((thing) =>
      isBelow(thing.path, this.standing(row.path).path),
    );
    invariant(isEmpty, 'a removed directory is empty');
    this.disk.delete(this.slotOf(row.path));
    this.record(row.path, leaves);
  }

  private take({ source, wanted }: Operation & { kind: 'place-file' }): void {
    const content: Content = { kind: 'file', content: wanted.content, sizeBytes: wanted.sizeBytes };
    if (source.kind === 'fetch') this.fetched += wanted.sizeBytes;
    else if (source.kind === 'copy')
      invariant(sameContent(this.standing(source.path).content, content), 'the copied file stands');
    else if (source.kind === 'kept')
      invariant(this.versions.has(nameOfContent(content)), 'what is kept is in the version store');
    else {
      const { row, leaves } = source.from;
      invariant(sameContent(this.standing(row.path).content, content), 'the moved file stands');
      this.disk.delete(this.slotOf(row.path));
      this.record(row.path, leaves);
    }
  }

  private place(path: RelativePath, replaces: Displaced | undefined, becomes: BaseRow): void {
    this.checkParent(path);
    if (replaces !== undefined) {
      invariant(this.slotOf(replaces.row.path) === this.slotOf(path), 'what is replaced is in the slot');
      this.retire(replaces);
    }
    invariant(!this.disk.has(this.slotOf(path)), 'nothing else is where a file is placed');
    const content = becomes.content as Content;
    const observed = this.fresh(content.kind);
    this.disk.set(this.slotOf(path), { path, content, observed });
    this.record(path, { ...becomes, observed });
  }

  private checkParent(path: RelativePath): void {
    const parent = parentOf(path);
    if (parent === undefined) return;
    const thing = this.standing(parent);
    invariant(thing.content.kind === 'directory', 'a parent is a directory on disk');
    invariant(thing.path === parent, 'a parent is spelled as its path');
  }

  private standing(path: RelativePath): Thing {
    const thing = this.disk.get(this.slotOf(path));
    invariant(thing !== undefined, `something is at ${path}`);
    return thing;
  }

  private record(path: RelativePath, row: BaseRow | undefined): void {
    if (row === undefined) this.base.delete(path);
    else this.base.set(path, row);
  }
}

/** The file content called `says`. */
export function fileContent(says: string): Content {
  if (says.startsWith('link:')) return { kind: 'symlink', target: says.slice(5) };
  return { kind: 'file', content: hashOf(says), sizeBytes: says.length };
}

/** A name for a content that tells different ones apart. */
export function nameOfContent(content: Content): string {
  return content.kind === 'file'
    ? content.content
    : content.kind === 'symlink'
      ? `link:${content.target}`
      : 'directory';
}

/** Gives each replica what the others know. */
export function exchange(replicas: readonly Replica[]): void {
  for (const from of replicas)
    for (const to of replicas) if (from !== to) to.receive([...from.state.values()].flat());
}

function isFileOf(content: Content | undefined, root: Hash): boolean {
  return content?.kind === 'file' && content.content === root;
}

function entryOf(common: Omit<Entry, 'kind'>, content: Content | undefined): Entry {
  switch (content?.kind) {
    case undefined:
      return { kind: 'tombstone', ...common };
    case 'directory':
      return { kind: 'directory', ...common };
    case 'symlink':
      return { kind: 'symlink', ...common, symlink: { target: content.target } };
    case 'file':
      return {
        kind: 'file',
        ...common,
        file: { sizeBytes: content.sizeBytes, executable: false, modifiedAtNs: 0n, content: content.content },
      };
  }
}
