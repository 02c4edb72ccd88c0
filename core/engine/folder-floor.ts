import { type Clock, inPages } from '../base/base.ts';
import type { FolderIndex } from '../file-index/file-index.ts';
import { SyncError } from '../model/errors.ts';
import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import { isVectorWithin } from '../model/past.ts';
import type { RelativePath } from '../model/path.ts';
import {
  type Announcement,
  appliedDigest,
  type AppliedStatement,
  appliedSigningBytes,
} from '../protocol/protocol.ts';
import {
  type ComingFloor,
  isForgettable,
  nextFloor,
  type Vector,
  withoutForgotten,
} from '../reconcile/reconcile.ts';
import { type Identity, verifyStrict } from '../trust/trust.ts';
import type { FolderState } from './folder-state.ts';

/** LIMIT: how often this device says how much of a folder its disk has shown. */
const sayEveryMs = 10 * 60_000;
/** How often it looks whether saying so would let anything be forgotten. */
const lookEveryMs = 60_000;
/** The group whose words are kept. */
const groupFact = 'applied-group';
/** LIMIT: paths read from the index, and forgotten, at a time. */
const pathsAtATime = 1_000;

/** The group as far as forgetting needs it: its id, and the keys of its active members that are not lapsed. */
export interface Quorum {
  readonly group: Hash;
  readonly members: readonly DeviceKey[];
}

/** What a folder forgets, and when. */
export interface FolderFloor {
  /** The newest known word of each active member on how much of the folder its disk has shown. */
  applied(): readonly AppliedStatement[];
  /** Those words as they are announced. */
  digest(): Hash | undefined;
  /** Takes in words that a peer passed on; durable. Throws SyncError `peer-misbehaved` for one that its device did not sign. */
  heard(statements: readonly AppliedStatement[]): void;
  /** The whole state of `peer` has been taken over: what it said of itself holds here too; durable. `absent` as in `FolderDoor.tookOver`. */
  tookOver(
    peer: DeviceKey,
    announcement: Pick<Announcement, 'context' | 'floor'>,
    absent: readonly Hash[],
  ): void;
  /** Goes on forgetting, and says where this disk stands if that is due and would let anything be forgotten. To be called after each round of work; true if it should be again at once. */
  step(): boolean;
}

/** The floor of one folder, over its index. */
export function createFolderFloor(dependencies: {
  readonly folderId: FolderId;
  readonly index: FolderIndex;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly state: Pick<FolderState, 'forget'>;
  /** Undefined while this device is in no group. */
  quorum(): Quorum | undefined;
  /** Whether the disk shows all of the state now, deletions too. */
  showsEverything(): boolean;
  /** What this device says of the folder has changed. */
  changed(): void;
}): FolderFloor {
  const { folderId, index, identity, clock, state } = dependencies;
  const self = identity.deviceKey;
  let coming: ComingFloor | undefined;
  let lookAt = 0;
  let sayAt = 0;

  /** The words kept. Those of another group say nothing in this one: they were signed for that one. */
  const allWords = (): readonly AppliedStatement[] => {
    const group = dependencies.quorum()?.group;
    if (group === undefined) return [];
    if (index.fact(groupFact) !== group)
      index.transaction(() => {
        for (const { device } of index.applied()) index.removeApplied(device);
        index.setFact(groupFact, group);
      });
    return index.applied();
  };
  const known = (): readonly AppliedStatement[] => {
    const members = new Set(dependencies.quorum()?.members);
    return allWords().filter(({ device }) => members.has(device));
  };
  const wordOf = (device: DeviceKey): AppliedStatement | undefined =>
    allWords().find((word) => word.device === device);

  const say = (applied: Vector, after: number): void => {
    const quorum = dependencies.quorum();
    if (quorum === undefined) return;
    const word = { device: self, serial: Math.max(clock.now(), after + 1), applied };
    const signature = identity.sign(appliedSigningBytes(quorum.group, folderId, word));
    index.transaction(() => index.putApplied({ ...word, signature }));
  };

  /** Where forgetting goes on: a page in a transaction, so that a large one stops nobody. Also what a stop left undone is still to be forgotten. */
  let sweep: { readonly after: RelativePath | undefined } | undefined =
    index.floor().length === 0 ? undefined : { after: undefined };

  const forgetSome = (): void => {
    if (sweep === undefined) return;
    const page = index.pathsOfNothing(sweep.after, pathsAtATime);
    for (const path of page) if (isForgettable(index.members(path), index.floor())) state.forget(path, []);
    sweep = page.length < pathsAtATime ? undefined : { after: page.at(-1) };
  };

  const beginForgetting = (): void => {
    sweep = { after: undefined };
    forgetSome();
  };

  const raise = (): void => {
    const members = dependencies.quorum()?.members ?? [];
    if (!members.includes(self)) return;
    const words = new Map(allWords().map((word) => [word.device, word]));
    const keeping = members.flatMap((device) => {
      const word = words.get(device);
      if (word === undefined) return [[]];
      return word.applied === undefined ? [] : [word.applied];
    });
    const next = nextFloor(keeping, coming);
    coming = next.coming;
    if (isVectorWithin(next.floor, index.floor())) return;
    index.transaction(() => {
      index.raiseFloor(next.floor);
      beginForgetting();
    });
    dependencies.changed();
  };

  /** What this device said before its index was lost, or before it gave the folder up, is not what it says now. */
  const heardOwn = (statement: AppliedStatement): boolean => {
    const own = wordOf(self);
    if (own !== undefined && own.serial > statement.serial) return false;
    if (own?.serial === statement.serial && isSameWord(own, statement)) return false;
    say(own?.applied ?? [], statement.serial);
    return true;
  };

  const heardOther = (statement: AppliedStatement): boolean => {
    if ((wordOf(statement.device)?.serial ?? 0) >= statement.serial) return false;
    index.transaction(() => index.putApplied(statement));
    return true;
  };

  /** Whether a word of this device would let something be forgotten that the floor does not cover yet. */
  const wouldHelp = (own: AppliedStatement | undefined): boolean => {
    const context = index.context();
    if (own?.applied !== undefined && isVectorWithin(context, own.applied)) return false;
    for (const path of nothingPaths(index)) if (isForgettable(index.members(path), context)) return true;
    return false;
  };

  /** A word that says nothing yet waits for no other; a serial ahead of the clock tells nothing of when it was said. */
  const isDue = (own: AppliedStatement | undefined): boolean => {
    if (clock.monotonic() < sayAt) return false;
    if (own?.applied === undefined || own.applied.length === 0 || own.serial > clock.now()) return true;
    return clock.now() - own.serial >= sayEveryMs;
  };

  return {
    applied: known,
    digest: () => appliedDigest(known()),
    heard(statements) {
      const quorum = dependencies.quorum();
      if (quorum === undefined) return;
      const members = new Set(quorum.members);
      let isNews = false;
      for (const statement of statements) {
        const { device, serial, signature } = statement;
        if (!members.has(device) || (device !== self && (wordOf(device)?.serial ?? 0) >= serial)) continue;
        if (!verifyStrict(signature, appliedSigningBytes(quorum.group, folderId, statement), device))
          throw new SyncError('peer-misbehaved', { what: 'applied-signature' });
        isNews = (device === self ? heardOwn(statement) : heardOther(statement)) || isNews;
      }
      if (!isNews) return;
      raise();
      dependencies.changed();
    },
    tookOver(peer, { context, floor }, absent) {
      const isOld = isVectorWithin(context, index.context()) && isVectorWithin(floor, index.floor());
      if (isOld && absent.length === 0) return;
      const isAbsent = new Set(absent);
      const paths = new Set(absent.flatMap((hash) => index.entry(hash)?.member.entry.path ?? []));
      index.transaction(() => {
        index.raiseContext(context);
        // A context that names too many incarnations was not raised: then nothing more is forgotten here.
        if (!isVectorWithin(floor, index.context())) return;
        index.raiseFloor(floor);
        for (const path of paths) {
          const members = index.members(path);
          if (isForgettable(members, index.floor())) continue;
          const theirs = new Set(members.map(({ hash }) => hash).filter((hash) => !isAbsent.has(hash)));
          state.forget(path, withoutForgotten(members, theirs, floor), peer, true);
        }
        beginForgetting();
      });
      dependencies.changed();
    },
    step() {
      if (sweep !== undefined) {
        index.transaction(forgetSome);
        if (sweep !== undefined) return true;
        dependencies.changed();
      }
      if (clock.monotonic() < lookAt) return false;
      lookAt = clock.monotonic() + lookEveryMs;
      raise();
      const own = wordOf(self);
      if (!isDue(own) || !wouldHelp(own) || !dependencies.showsEverything()) return false;
      say(index.context(), own?.serial ?? 0);
      sayAt = clock.monotonic() + sayEveryMs;
      raise();
      dependencies.changed();
      return sweep !== undefined;
    },
  };
}

/** All paths with members where nothing stands, or only a directory that no member says. */
export function nothingPaths(index: FolderIndex): Generator<RelativePath> {
  return inPages((last) => index.pathsOfNothing(last, pathsAtATime));
}

function isSameWord(a: AppliedStatement, b: AppliedStatement): boolean {
  return Buffer.compare(a.signature, b.signature) === 0;
}
