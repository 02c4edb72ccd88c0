import { invariant } from '../../base/pure.ts';
import type { BaseRow } from '../../model/base-row.ts';
import { isSameObserved, type Observed } from '../../model/disk.ts';
import { type Content, contentOf, type Entry, type Member, sameContent } from '../../model/entry.ts';
import { type Dot, pastHas, sameDot } from '../../model/past.ts';
import { ancestorsOf, depthOf, isBelow, parentOf, type RelativePath } from '../../model/path.ts';
import {
  classifyPath,
  type Decision,
  decideInward,
  type Finding,
  mergeMembers,
  type PathView,
  stampChange,
  viewOf,
  writePast,
} from '../reconcile.ts';
import { at, hashOf, incarnation, memberOf, seenOnDisk } from './members.ts';

/** Something on a device's disk. */
interface Thing {
  readonly content: Content;
  readonly observed: Observed;
}

/** A device of the world: everything it knows, nothing it could not know. */
export interface Device {
  readonly name: string;
  incarnation: Dot['incarnation'];
  counter: number;
  readonly state: Map<RelativePath, readonly Member[]>;
  readonly base: Map<RelativePath, BaseRow>;
  readonly disk: Map<RelativePath, Thing>;
  readonly ownDots: Map<RelativePath, Dot[]>;
  /** What base's seen set is, counted write by write. */
  readonly seen: Map<RelativePath, ReadonlySet<Member>>;
  /** Its index is new: what it finds may be old. */
  isFirstLook: boolean;
}

/** Every number the world takes is from here, so a seed is a history. */
export type Chance = (below: number) => number;

/** The numbers of a seed (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const paths = ['p', 'q', 'd', 'd/x', 'd/y', 'd/e', 'd/e/z'].map(at);
const contents = ['X', 'Y', 'Z', 'X1', 'Y1', ''];

/** N devices with disks that write, delete, chmod, exchange single entries, materialise and lose their index, all in one process. */
export class World {
  readonly devices: Device[] = [];
  /** Every entry ever written, in order. */
  readonly written: Member[] = [];
  /** Entries that went with a lost index before anyone else had heard of them. What they said is still on that disk. */
  readonly neverSent = new Set<Member>();
  /** Per entry, the entries its author had before their eyes, itself included: the truth that pasts must tell. */
  readonly trueSeen = new Map<string, ReadonlySet<Member>>();
  protected readonly chance: Chance;
  private now = 1000;
  private inode = 1n;
  private incarnations = 0;

  constructor(chance: Chance, deviceCount: number) {
    this.chance = chance;
    for (let i = 0; i < deviceCount; i++) {
      this.devices.push({
        name: String.fromCharCode(65 + i),
        incarnation: this.mint(),
        counter: 0,
        state: new Map(),
        base: new Map(),
        disk: new Map(),
        ownDots: new Map(),
        seen: new Map(),
        isFirstLook: false,
      });
    }
  }

  /** One thing happens somewhere. */
  step(): void {
    const device = this.pick(this.devices);
    const kind = this.chance(20);
    this.now += this.chance(3);
    if (kind < 6) this.userWrites(device);
    else if (kind < 8) this.userRemoves(device);
    else if (kind < 9) this.userTouches(device);
    else if (kind < 13) this.receiveOne(device, this.pick(this.devices));
    else if (kind < 16) this.scan(device);
    else if (kind < 19) this.materialise(device);
    else if (this.chance(4) === 0) this.loseIndex(device);
  }

  /** Everyone tells everyone everything, in random order, until disks and states rest. */
  settle(): void {
    for (const device of this.devices) this.scan(device);
    for (let round = 0; ; round++) {
      invariant(round < 30, 'the world does not come to rest');
      const before = this.written.length;
      const moved = this.exchangeAll();
      let changed = false;
      for (const device of this.devices) {
        changed = this.scan(device) || changed;
        changed = this.materialise(device) || changed;
        changed = this.scan(device) || changed;
      }
      if (!moved && !changed && this.written.length === before) return;
    }
  }

  viewAt(device: Device, path: RelativePath): PathView {
    return viewOf(device.state.get(path) ?? [], this.hasLivingBelow(device, path));
  }

  protected mint(): Dot['incarnation'] {
    this.incarnations += 1;
    return incarnation(String.fromCharCode(96 + this.incarnations));
  }

  protected pick<T>(list: readonly T[]): T {
    return list[this.chance(list.length)] as T;
  }

  private fresh(kind: Observed['kind']): Observed {
    this.inode += 1n;
    return seenOnDisk(kind, {
      inode: this.inode,
      changedAtNs: this.inode,
      modifiedAtNs: BigInt(this.now) * 1_000_000n,
    });
  }

  protected userWrites(device: Device): void {
    const path = this.pick(paths);
    for (const ancestor of ancestorsOf(path).reverse()) {
      const thing = device.disk.get(ancestor);
      if (thing !== undefined && thing.content.kind !== 'directory') return;
      if (thing === undefined) this.lay(device, ancestor, { kind: 'directory' });
    }
    if (device.disk.get(path)?.content.kind === 'directory') return;
    const content = this.someContent();
    if (content.kind === 'directory' && device.disk.has(path)) return;
    this.lay(device, path, content);
  }

  protected lay(device: Device, path: RelativePath, content: Content): void {
    device.disk.set(path, { content, observed: this.fresh(content.kind) });
  }

  private someContent(): Content {
    const kind = this.chance(12);
    if (kind === 0) return { kind: 'directory' };
    if (kind === 1) return { kind: 'symlink', target: this.pick(['X', 'Y']) };
    const text = this.pick(contents);
    return { kind: 'file', content: hashOf(text), sizeBytes: text.length };
  }

  protected userRemoves(device: Device): void {
    const path = this.pick(paths);
    for (const other of device.disk.keys())
      if (other === path || isBelow(other, path)) device.disk.delete(other);
  }

  private userTouches(device: Device): void {
    const path = this.pick(paths);
    const thing = device.disk.get(path);
    if (thing?.content.kind !== 'file') return;
    const observed = { ...thing.observed, changedAtNs: this.inode, mode: thing.observed.mode ^ 0o100 };
    device.disk.set(path, { ...thing, observed });
  }

  protected receiveOne(device: Device, peer: Device): void {
    const entries = [...peer.state.values()].flat();
    if (entries.length > 0) this.merge(device, [this.pick(entries)]);
  }

  private exchangeAll(): boolean {
    let moved = false;
    const offers = this.devices.flatMap((from) =>
      this.devices.flatMap((to) => [...from.state.values()].flat().map((entry) => ({ to, entry }))),
    );
    while (offers.length > 0) {
      const [offer] = offers.splice(this.chance(offers.length), 1);
      if (offer !== undefined && this.merge(offer.to, [offer.entry])) moved = true;
    }
    return moved;
  }

  /** A device that lost its index reads one peer's whole state before it looks at its disk. */
  protected loseIndex(device: Device): void {
    const others = this.devices.filter((other) => other !== device);
    for (const entry of this.written) {
      const isKnown =
        isAccountedFor(this, device, entry) && !others.some((other) => isAccountedFor(this, other, entry));
      if (isKnown) this.neverSent.add(entry);
    }
    this.beginAnew(device);
    this.merge(device, [...this.pick(others).state.values()].flat());
    this.firstLook(device);
  }

  protected beginAnew(device: Device): void {
    device.state.clear();
    device.base.clear();
    device.seen.clear();
    device.ownDots.clear();
    device.incarnation = this.mint();
    device.counter = 0;
  }

  protected firstLook(device: Device): void {
    device.isFirstLook = true;
    this.scan(device);
    device.isFirstLook = false;
  }

  private hasLivingBelow(device: Device, path: RelativePath): boolean {
    for (const [other, members] of device.state) {
      if (isBelow(other, path) && viewOf(members, false).content !== undefined) return true;
    }
    return false;
  }

  protected merge(device: Device, incoming: readonly Member[]): boolean {
    let changed = false;
    for (const entry of incoming) {
      const { path } = entry.entry;
      const result = mergeMembers(device.state.get(path) ?? [], [entry]);
      invariant(result.sharedDots.length === 0, 'every dot names one write');
      if (result.added.length === 0) continue;
      changed = true;
      device.state.set(path, result.members);
      for (const touched of [path, ...ancestorsOf(path)]) this.follow(device, touched);
    }
    return changed;
  }

  /** The seen set follows the view while the disk shows what it wants. */
  protected follow(device: Device, path: RelativePath): void {
    const base = device.base.get(path);
    if (base === undefined) return;
    const decision = decideInward({ path, view: this.viewAt(device, path), base });
    if (decision.kind === 'adopt') this.record(device, path, decision.becomes, this.trueSeenOf(device, path));
  }

  private record(
    device: Device,
    path: RelativePath,
    row: BaseRow | undefined,
    seen: ReadonlySet<Member>,
  ): void {
    if (row === undefined) {
      device.base.delete(path);
      device.seen.delete(path);
      return;
    }
    device.base.set(path, row);
    device.seen.set(path, seen);
    for (const entry of this.written) {
      if (entry.entry.path !== path) continue;
      invariant(
        pastHas(row.seen, entry.entry.dot) === seen.has(entry),
        'a seen set holds exactly what was seen',
      );
    }
  }

  private trueSeenOf(device: Device, path: RelativePath): ReadonlySet<Member> {
    const view = this.viewAt(device, path);
    const shown = view.winner === undefined ? [] : [view.winner];
    return this.unionOfSeen([...shown, ...view.alike, ...view.overruled]);
  }

  private unionOfSeen(members: readonly Member[]): ReadonlySet<Member> {
    return new Set(members.flatMap((entry) => [...(this.trueSeen.get(entry.hash) ?? [])]));
  }

  /** Looks at the whole disk; true if anything was new. */
  scan(device: Device): boolean {
    let changed = false;
    const all = [...new Set([...device.disk.keys(), ...device.base.keys()])].sort();
    for (const path of all) {
      const base = device.base.get(path);
      const thing = device.disk.get(path);
      const shown = this.written.find((entry) => entry.hash === base?.shown);
      const finding = classifyPath({
        path,
        base,
        intent: undefined,
        observed: thing?.observed,
        content: thing?.content,
        view: this.viewAt(device, path),
        members: device.state.get(path) ?? [],
        shownFrom: shown?.entry.from ?? [],
        wasWatched: !device.isFirstLook,
      });
      changed = this.carryOut(device, path, finding, thing) || changed;
    }
    return changed;
  }

  private carryOut(device: Device, path: RelativePath, finding: Finding, thing: Thing | undefined): boolean {
    switch (finding.kind) {
      case 'unchanged':
        return false;
      case 'adopt':
        this.record(device, path, finding.row, this.seenAfterAdopting(device, path, finding));
        return true;
      case 'write':
        this.write(device, path, finding, thing);
        return true;
      case 'needs-content':
      case 'redo-intent':
      case 'special':
        throw new Error(`unexpected ${finding.kind}`);
    }
  }

  private seenAfterAdopting(
    device: Device,
    path: RelativePath,
    finding: Finding & { kind: 'adopt' },
  ): ReadonlySet<Member> {
    if (finding.because === 'refreshed') return device.seen.get(path) ?? new Set();
    if (finding.because === 'view') return this.trueSeenOf(device, path);
    const member = (device.state.get(path) ?? []).find((entry) => entry.hash === finding.row?.shown);
    return member === undefined ? new Set() : this.unionOfSeen([member]);
  }

  protected write(
    device: Device,
    path: RelativePath,
    finding: Finding & { kind: 'write' },
    thing: Thing | undefined,
  ): void {
    const members = device.state.get(path) ?? [];
    const ownDots = device.ownDots.get(path) ?? [];
    device.counter = Math.max(device.counter + 1, this.chance(2) === 0 ? this.now : 0);
    const dot = { incarnation: device.incarnation, counter: device.counter };
    const skew = device.name.charCodeAt(0) * 7;
    const common = {
      path,
      dot,
      past: writePast({ seen: finding.seen, dot, members, ownDots }),
      changedAt: stampChange({
        now: this.now + skew,
        seenChangedAts: members
          .filter((m) => pastHas(finding.seen, m.entry.dot))
          .map((m) => m.entry.changedAt),
        medianOffset: 0,
      }),
      from: finding.from,
      found: finding.found,
    };
    const entry = memberOf(entryOf(common, finding.content, thing), device.name);
    const chosen =
      finding.because === 'choice'
        ? members.filter((m) => sameContent(contentOf(m.entry), finding.content))
        : [];
    const view = this.viewAt(device, path);
    const isChoiceOfView = finding.because === 'choice' && sameContent(view.content, finding.content);
    const known = new Set([
      ...(device.base.has(path) ? (device.seen.get(path) ?? []) : []),
      ...(isChoiceOfView ? this.trueSeenOf(device, path) : []),
      ...this.unionOfSeen(chosen.filter((m) => pastHas(finding.seen, m.entry.dot))),
    ]);
    this.written.push(entry);
    this.trueSeen.set(entry.hash, new Set([...known, entry]));
    device.ownDots.set(path, [...ownDots, dot]);
    for (const other of this.written) {
      if (other.entry.path !== path) continue;
      const truly = this.trueSeen.get(entry.hash)?.has(other) === true;
      invariant(
        pastHas(common.past, other.entry.dot) === truly,
        'a past holds exactly what its author had seen',
      );
    }
    const row: BaseRow = {
      path,
      status: 'held',
      shown: entry.hash,
      content: finding.content,
      seen: common.past,
      observed: thing?.observed,
    };
    this.record(device, path, row, this.trueSeen.get(entry.hash) ?? new Set());
    this.merge(device, [entry]);
  }

  /** Brings the disk to the view where nothing was touched since the last look; true if anything changed. */
  materialise(device: Device): boolean {
    let changed = false;
    const all = [...new Set([...device.state.keys(), ...paths, ...device.base.keys()])];
    const decide = (path: RelativePath): Decision =>
      decideInward({
        path,
        view: this.viewAt(device, path),
        base: device.base.get(path),
        isEmpty: ![...device.disk.keys()].some((other) => isBelow(other, path)),
      });
    for (const path of all.sort((a, b) => depthOf(b) - depthOf(a))) {
      const decision = decide(path);
      if (decision.kind === 'remove') changed = this.remove(device, path, decision.becomes) || changed;
      if (decision.kind === 'place' && decision.replaces?.observed?.kind === 'directory') {
        changed = this.remove(device, path, undefined) || changed;
      }
    }
    for (const path of all.sort((a, b) => depthOf(a) - depthOf(b)))
      changed = this.put(device, path, decide(path)) || changed;
    return changed;
  }

  private remove(device: Device, path: RelativePath, becomes: BaseRow | undefined): boolean {
    if (this.isTouched(device, path)) return false;
    if ([...device.disk.keys()].some((other) => isBelow(other, path))) return false;
    device.disk.delete(path);
    this.record(device, path, becomes, becomes === undefined ? new Set() : this.trueSeenOf(device, path));
    return true;
  }

  private put(device: Device, path: RelativePath, decision: Decision): boolean {
    if (decision.kind === 'nothing' || decision.kind === 'remove' || decision.kind === 'hold-back')
      return false;
    const seen = this.trueSeenOf(device, path);
    if (decision.kind === 'adopt') {
      this.record(device, path, decision.becomes, seen);
      return true;
    }
    const parent = parentOf(path);
    if (this.isTouched(device, path)) return false;
    if (parent !== undefined && device.disk.get(parent)?.content.kind !== 'directory') return false;
    if ([...device.disk.keys()].some((other) => isBelow(other, path)) && decision.kind !== 'make-directory')
      return false;
    const content = decision.becomes.content as Content;
    const wanted =
      decision.kind === 'make-directory' || decision.wanted.kind === 'symlink' ? undefined : decision.wanted;
    const facts = wanted && { modifiedAtNs: wanted.modifiedAtNs, mode: wanted.executable ? 0o755 : 0o644 };
    const observed = { ...this.fresh(content.kind), ...facts };
    device.disk.set(path, { content, observed });
    this.record(device, path, { ...decision.becomes, observed }, seen);
    return true;
  }

  private isTouched(device: Device, path: RelativePath): boolean {
    const [now, before] = [device.disk.get(path)?.observed, device.base.get(path)?.observed];
    return now === undefined || before === undefined ? now !== before : !isSameObserved(now, before);
  }
}

function entryOf(common: Omit<Entry, 'kind'>, content: Content | undefined, thing: Thing | undefined): Entry {
  switch (content?.kind) {
    case undefined:
      return { kind: 'tombstone', ...common };
    case 'directory':
      return { kind: 'directory', ...common };
    case 'symlink':
      return { kind: 'symlink', ...common, symlink: { target: content.target } };
    case 'file': {
      invariant(thing !== undefined, 'a written file is on disk');
      const { mode, modifiedAtNs } = thing.observed;
      const { content: root, sizeBytes } = content;
      return {
        kind: 'file',
        ...common,
        file: { sizeBytes, executable: (mode & 0o100) !== 0, modifiedAtNs, content: root },
      };
    }
  }
}

/** Whether `entry` still stands on `device`, or fell to a write whose author had seen it. */
export function isAccountedFor(world: World, device: Device, entry: Member): boolean {
  const members = device.state.get(entry.entry.path) ?? [];
  return members.some(
    (member) =>
      sameDot(member.entry.dot, entry.entry.dot) || world.trueSeen.get(member.hash)?.has(entry) === true,
  );
}
