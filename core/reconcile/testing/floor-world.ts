import { invariant } from '../../base/pure.ts';
import type { Member } from '../../model/entry.ts';
import { isUnderVector, isVectorWithin, joinVectors, vectorHas } from '../../model/past.ts';
import { ancestorsOf, type RelativePath } from '../../model/path.ts';
import {
  type ComingFloor,
  isForgettable,
  mergeMembers,
  nextFloor,
  type PathView,
  type Vector,
  viewOf,
  withoutForgotten,
  withoutOld,
} from '../reconcile.ts';
import { type Chance, type Device, paths, World } from './world.ts';

/**
 * How devices come to a floor. The wrong ways are those a history breaks: by `own judgement` a device forgets what it alone has shown,
 * `floor first` takes a peer's floor before what it stands for has arrived, `one phase` takes the minimum of the quorum at once.
 */
export type FloorWay = 'right' | 'own judgement' | 'floor first' | 'one phase';

/** What a device has signed about a folder. */
interface Statement {
  readonly serial: number;
  /** Undefined: it does not keep the folder. */
  readonly applied: Vector | undefined;
}

/** What forgetting needs to know, beside the rest of a device. */
interface Bounds {
  context: Vector;
  floor: Vector;
  coming: ComingFloor | undefined;
  readonly statements: Map<Device, Statement>;
  /** What went below the floor: tombstones and what a peer had forgotten. */
  readonly forgotten: Set<Member>;
  takeOver: TakeOver | undefined;
  keeps: boolean;
  /** Away for so long that nobody waits for it; its disk and index stay as they are. */
  isAway: boolean;
  /** Hears what others say of their disks, while their entries are long in coming. */
  isSlow: boolean;
}

/** A takeover under way: what the peer announced, the paths still to be compared, and what it turned out not to have. */
interface TakeOver {
  readonly peer: Device;
  readonly context: Vector;
  readonly floor: Vector;
  readonly left: RelativePath[];
  readonly absent: Member[];
}

/** The world of devices, with floors: nothing is ever told but by single pushes, takeovers of a peer's whole state, and gossip of statements. */
export class FloorWorld extends World {
  private readonly way: FloorWay;
  private readonly bounds = new Map<Device, Bounds>();
  /**
   * Per entry, the deletions that it owes nothing: those that its author, or everyone, had forgotten when it was written, and those that were
   * forgotten while nobody waited for its author, by a quorum of which none had heard of it.
   */
  private readonly unknownTo = new Map<string, Set<Member>>();
  /** Per deletion, whom the first that forgot it did not wait for. */
  private readonly unwaited = new Map<Member, readonly Device[]>();

  constructor(chance: Chance, deviceCount: number, way: FloorWay = 'right') {
    super(chance, deviceCount);
    this.way = way;
    for (const device of this.devices) this.bounds.set(device, freshBounds());
    // Some begin with files of their own, or with copies that a user made of another's: found, not written.
    const [first] = this.devices as [Device];
    for (const device of this.devices) {
      if (this.chance(2) === 0) for (const [path, { content }] of first.disk) this.lay(device, path, content);
      for (let i = this.chance(5); i > 0; i--) this.userWrites(device);
      this.firstLook(device);
    }
  }

  floorOf(device: Device): Vector {
    return this.of(device).floor;
  }

  keeps(device: Device): boolean {
    return this.of(device).keeps;
  }

  override step(): void {
    const device = this.pick(this.devices);
    const kind = this.chance(25);
    if (kind === 24 && this.chance(4) === 0) this.leaveOrReturn(device);
    else if (this.of(device).isAway) this.workAlone(device);
    else if (kind === 24) this.of(device).isSlow = !this.of(device).isSlow;
    else if (kind < 11) super.step();
    else if (kind < 15) this.goOn(device);
    else if (kind < 18) this.state(device);
    else if (kind < 21) this.hear(device, this.pick(this.devices));
    else if (kind < 23) this.raise(device);
    else if (this.chance(4) === 0) this.comeOrGo(device);
  }

  /** Whoever keeps the folder and can be reached. */
  private isHere(device: Device): boolean {
    const { keeps, isAway } = this.of(device);
    return keeps && !isAway;
  }

  private leaveOrReturn(device: Device): void {
    const bounds = this.of(device);
    if (!bounds.isAway && this.devices.filter((other) => this.isHere(other)).length < 2) return;
    if (!bounds.keeps) return;
    bounds.isAway = !bounds.isAway;
    // Its connections end with it, and so do takeovers.
    for (const other of this.bounds.values())
      if (other === bounds || other.takeOver?.peer === device) other.takeOver = undefined;
  }

  private workAlone(device: Device): void {
    if (this.chance(2) === 0) return this.userWrites(device);
    if (this.chance(2) === 0) this.userRemoves(device);
    else this.scan(device);
  }

  /** Everyone keeps the folder, and takes over from everyone until states, disks and floors rest. */
  override settle(): void {
    for (const device of this.devices) {
      this.of(device).isAway = false;
      if (!this.of(device).keeps) this.comeOrGo(device);
    }
    for (let round = 0; ; round++) {
      invariant(round < 40, 'the world does not come to rest');
      const before = this.written.length;
      let changed = false;
      for (const device of this.shuffled(this.devices)) {
        for (const peer of this.shuffled(this.devices)) {
          if (peer === device || this.isSame(device, peer)) continue;
          this.takeOver(device, peer);
          changed = true;
        }
        changed = this.scan(device) || changed;
        changed = this.materialise(device) || changed;
        changed = this.scan(device) || changed;
      }
      for (const device of this.devices) {
        changed = this.state(device) || changed;
        for (const peer of this.devices) changed = this.hear(device, peer) || changed;
      }
      for (const device of this.devices) changed = this.raise(device) || changed;
      if (!changed && this.written.length === before) return;
    }
  }

  /** Whether two devices announce the same: states and floors. */
  isSame(a: Device, b: Device): boolean {
    const [one, other] = [this.of(a), this.of(b)];
    if (!sameVector(one.floor, other.floor) || !sameVector(one.context, other.context)) return false;
    return [...new Set([...a.state.keys(), ...b.state.keys()])].every(
      (path) => namesOf(a.state.get(path)) === namesOf(b.state.get(path)),
    );
  }

  /** What would stand at a path if nothing were ever forgotten: every write heard of that no other one heard of has seen. */
  everythingAt(path: RelativePath): readonly Member[] {
    const heard = this.written.filter((entry) => entry.entry.path === path && !this.neverSent.has(entry));
    return heard.filter(
      (entry) => !heard.some((other) => other !== entry && this.trueSeen.get(other.hash)?.has(entry)),
    );
  }

  /** The view of that, where those who wrote without a trace of a deletion owe it nothing. */
  viewOfEverything(path: RelativePath, hasLivingBelow: boolean): PathView {
    const members = this.everythingAt(path);
    const isOver = (member: Member): boolean =>
      members.some((other) => this.unknownTo.get(other.hash)?.has(member));
    return viewOf(
      members.filter((member) => !isOver(member)),
      hasLivingBelow,
    );
  }

  /** Whether `entry` stands on `device`, or something that had seen it does or did, or it was forgotten there. */
  isAccountedFor(device: Device, entry: Member): boolean {
    if (vectorHas(this.of(device).floor, entry.entry.dot)) return true;
    const known = [...(device.state.get(entry.entry.path) ?? []), ...this.of(device).forgotten];
    return known.some((member) => member === entry || this.trueSeen.get(member.hash)?.has(entry) === true);
  }

  private of(device: Device): Bounds {
    return this.bounds.get(device) as Bounds;
  }

  private shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.flatMap(() => rest.splice(this.chance(rest.length), 1));
  }

  protected override write(...write: Parameters<World['write']>): void {
    const [device, path] = write;
    const { floor } = this.of(device);
    const stands = (on: Device, other: Member): boolean => on.state.get(path)?.includes(other) === true;
    const isUnknown = (other: Member): boolean =>
      other.entry.path === path &&
      other.entry.kind === 'tombstone' &&
      !stands(device, other) &&
      (isUnderVector(other.entry.past, floor) ||
        this.unwaited.get(other)?.includes(device) === true ||
        !this.devices.some((on) => stands(on, other)));
    const unknown = new Set(this.written.filter(isUnknown));
    super.write(...write);
    this.unknownTo.set((this.written.at(-1) as Member).hash, unknown);
  }

  protected override merge(device: Device, incoming: readonly Member[]): boolean {
    const bounds = this.of(device);
    const arrived = incoming.map((member) => ({ member }));
    const changed = super.merge(
      device,
      arrived.flatMap((entry) =>
        withoutOld([entry], device.state.get(entry.member.entry.path) ?? [], bounds.floor).map(
          ({ member }) => member,
        ),
      ),
    );
    const own = incoming
      .map(({ entry }) => entry.dot)
      .filter((dot) => dot.incarnation === device.incarnation);
    bounds.context = joinVectors(bounds.context, own.slice(-1));
    return changed;
  }

  protected override receiveOne(device: Device, peer: Device): void {
    if (this.isHere(device) && !this.of(device).isSlow && this.isHere(peer)) super.receiveOne(device, peer);
  }

  override scan(device: Device): boolean {
    return this.of(device).keeps && super.scan(device);
  }

  override materialise(device: Device): boolean {
    return this.isHere(device) && super.materialise(device);
  }

  protected override loseIndex(device: Device): void {
    if (!this.isHere(device)) return;
    this.forgetIndex(device);
    this.readFirst(device);
  }

  private forgetIndex(device: Device): void {
    const others = this.devices.filter((other) => other !== device);
    for (const entry of this.written) {
      const isKnown = this.isAccountedFor(device, entry);
      if (isKnown && !others.some((other) => this.isAccountedFor(other, entry))) this.neverSent.add(entry);
    }
    this.beginAnew(device);
    this.bounds.set(device, freshBounds());
    for (const { takeOver } of this.bounds.values()) takeOver?.left.splice(0);
    for (const bounds of this.bounds.values()) bounds.takeOver = undefined;
  }

  /** Now and then somebody says that there is nobody to read from: then what is found may be old. */
  private readFirst(device: Device): void {
    if (this.chance(4) === 0) return this.firstLook(device);
    const holders = this.devices.filter((other) => other !== device && this.isHere(other));
    if (holders.length > 0) this.takeOver(device, this.pick(holders));
    this.firstLook(device);
  }

  /** A device gives the folder up, with its directory left as it is, or takes it on again there. */
  private comeOrGo(device: Device): void {
    const bounds = this.of(device);
    if (bounds.keeps) {
      if (this.devices.filter((other) => this.isHere(other)).length < 2) return;
      const serial = bounds.statements.get(device)?.serial ?? 0;
      this.forgetIndex(device);
      this.of(device).keeps = false;
      this.of(device).statements.set(device, { serial: serial + 1, applied: undefined });
      return;
    }
    const own = bounds.statements.get(device) as Statement;
    this.bounds.set(device, freshBounds());
    this.of(device).statements.set(device, { serial: own.serial + 1, applied: [] });
    this.readFirst(device);
  }

  /** Says what this disk has shown, if it shows everything; true if that is news. */
  protected state(device: Device): boolean {
    const bounds = this.of(device);
    if (!this.isHere(device)) return false;
    const isBusy = [this.scan(device), this.materialise(device), this.scan(device)].includes(true);
    if (isBusy || !this.showsEverything(device)) return false;
    const last = bounds.statements.get(device);
    if (last?.applied !== undefined && sameVector(last.applied, bounds.context)) return false;
    bounds.statements.set(device, { serial: (last?.serial ?? 0) + 1, applied: bounds.context });
    return true;
  }

  private showsEverything(device: Device): boolean {
    return [...paths, ...device.state.keys()].every((path) => {
      const wanted = this.viewAt(device, path).content;
      return wanted?.kind === device.disk.get(path)?.content.kind;
    });
  }

  /** Hears what another device knows to have been stated; true if something was news. */
  protected hear(device: Device, peer: Device): boolean {
    if (this.of(device).isAway || this.of(peer).isAway) return false;
    const { statements } = this.of(device);
    let isNews = false;
    for (const [author, statement] of this.of(peer).statements) {
      const known = statements.get(author);
      if (known !== undefined && known.serial >= statement.serial && author !== device) continue;
      if (author === device) {
        // Its own word from before its index was lost: it says anew where it stands.
        if (statement.serial < (known?.serial ?? 0) || statement === known) continue;
        statements.set(device, { serial: statement.serial + 1, applied: known?.applied ?? [] });
      } else statements.set(author, statement);
      isNews = true;
    }
    return isNews;
  }

  /** Raises the floor as far as the quorum allows; true if it rose. */
  protected raise(device: Device): boolean {
    const bounds = this.of(device);
    if (!this.isHere(device)) return false;
    const before = bounds.floor;
    if (this.way === 'own judgement') this.join(device, bounds.statements.get(device)?.applied ?? []);
    else {
      const wordOf = (other: Device): Statement => bounds.statements.get(other) ?? { serial: 0, applied: [] };
      const isWaitedFor = (other: Device): boolean =>
        !this.of(other).isAway && wordOf(other).applied !== undefined;
      const quorum = this.devices.filter(isWaitedFor);
      const words = quorum.map((other) => wordOf(other).applied ?? []);
      const { floor, coming } = nextFloor(words, bounds.coming);
      bounds.coming = coming;
      this.join(device, this.way === 'one phase' ? coming.floor : floor, quorum);
    }
    return !sameVector(before, bounds.floor);
  }

  /** The floor rises, and what lies below it goes. `quorum` are those it was waited for; a peer's floor has waited already. */
  private join(device: Device, floor: Vector, quorum: readonly Device[] = this.devices): void {
    const bounds = this.of(device);
    bounds.floor = joinVectors(bounds.floor, floor);
    invariant(
      this.way === 'floor first' || isVectorWithin(bounds.floor, bounds.context),
      'a floor is within the context',
    );
    for (const [path, members] of device.state)
      if (isForgettable(members, bounds.floor)) {
        for (const member of members) this.forget(member, quorum);
        this.drop(device, path, []);
      }
  }

  private forget(deletion: Member, quorum: readonly Device[]): void {
    if (this.unwaited.has(deletion)) return;
    this.unwaited.set(
      deletion,
      this.devices.filter((device) => !quorum.includes(device)),
    );
    for (const entry of this.written) {
      const isHeardOf = quorum.some((device) => this.isAccountedFor(device, entry));
      if (entry.entry.path === deletion.entry.path && !isHeardOf)
        this.unknownTo.get(entry.hash)?.add(deletion);
    }
  }

  private drop(device: Device, path: RelativePath, keep: readonly Member[]): void {
    const { forgotten } = this.of(device);
    for (const member of device.state.get(path) ?? []) if (!keep.includes(member)) forgotten.add(member);
    if (keep.length === 0) device.state.delete(path);
    else device.state.set(path, keep);
    for (const touched of [path, ...ancestorsOf(path)]) this.follow(device, touched);
  }

  /** Begins a takeover, or goes on with one. */
  private goOn(device: Device): void {
    const { takeOver, isSlow } = this.of(device);
    if (!this.isHere(device) || isSlow) return;
    if (takeOver === undefined) {
      const peer = this.pick(this.devices);
      if (peer !== device && this.isHere(peer)) this.begin(device, peer);
    } else if (takeOver.left.length === 0) this.complete(device, takeOver);
    else
      do this.compare(device, takeOver);
      while (takeOver.left.length > 0 && this.chance(4) > 0);
  }

  protected takeOver(device: Device, peer: Device): void {
    const takeOver = this.begin(device, peer);
    while (takeOver.left.length > 0) this.compare(device, takeOver);
    this.complete(device, takeOver);
  }

  private begin(device: Device, peer: Device): TakeOver {
    const { context, floor } = this.of(peer);
    const takeOver = { peer, context, floor, left: this.shuffled(paths), absent: [] };
    this.of(device).takeOver = takeOver;
    if (this.way === 'floor first') this.join(device, floor);
    return takeOver;
  }

  private compare(device: Device, { peer, floor, left, absent }: TakeOver): void {
    const path = left.pop() as RelativePath;
    const theirs = peer.state.get(path) ?? [];
    const ours = device.state.get(path) ?? [];
    if (namesOf(theirs) === namesOf(ours)) return;
    this.merge(device, theirs);
    const merged = mergeMembers(ours, theirs).members;
    const kept = withoutForgotten(merged, new Set(theirs.map(({ hash }) => hash)), floor);
    absent.push(...merged.filter((member) => !kept.includes(member)));
  }

  /** Everything under what the peer announced is here now: its context and its floor hold here too. */
  private complete(device: Device, { context, floor, absent }: TakeOver): void {
    const bounds = this.of(device);
    bounds.takeOver = undefined;
    bounds.context = joinVectors(bounds.context, context);
    for (const member of absent) {
      const { path } = member.entry;
      const members = device.state.get(path) ?? [];
      if (members.includes(member))
        this.drop(
          device,
          path,
          members.filter((other) => other !== member),
        );
    }
    this.join(device, floor);
  }
}

function freshBounds(): Bounds {
  return {
    context: [],
    floor: [],
    coming: undefined,
    statements: new Map(),
    forgotten: new Set(),
    takeOver: undefined,
    keeps: true,
    isAway: false,
    isSlow: false,
  };
}

function sameVector(a: Vector, b: Vector): boolean {
  return a.length === b.length && a.every((item) => vectorHas(b, item)) && isVectorWithin(b, a);
}

function namesOf(members: readonly Member[] = []): string {
  return members.map(({ hash }) => hash).join();
}
