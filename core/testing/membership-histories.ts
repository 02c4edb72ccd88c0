import assert from 'node:assert/strict';
import {
  type ModelAct,
  modelAllows,
  type ModelOp,
  modelRemoversAndSponsors,
  type ModelState,
  modelState,
} from './membership-model.ts';
import { consentOf, foundedLog, identityOf, testRecovery, testTranscript } from './trust-world.ts';
import type { DeviceKey, Hash } from '../model/ids.ts';
import type { OpBody } from '../protocol/protocol.ts';
import { createReset, createRevoke, signOp } from '../trust/build-op.ts';
import { createMembershipLog, type MembershipLog } from '../trust/membership-log.ts';
import type { Membership } from '../trust/resolve.ts';

// Random histories of a group in which honest devices work and one thief, with devices of its own, does whatever a key allows: it writes on top of
// any past it likes, forks its chain, dates back, and shows itself differently to each. The thief founded half of the groups.
const honest = ['A', 'B', 'D'] as const;
const thieves = ['L', 'S', 'T'] as const;
const everyone = [...honest, ...thieves, 'N'];
const nameOf = new Map(everyone.map((name) => [identityOf(name).deviceKey, name]));
const keyOf = (name: string): DeviceKey => identityOf(name).deviceKey;

type Chance = (below: number) => number;

function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const consents = new Map<string, Uint8Array>();
function consentFor(joiner: string, sponsor: string, group: Hash): Uint8Array {
  const name = `${joiner} ${sponsor} ${group}`;
  const consent = consents.get(name) ?? consentOf(identityOf(joiner), keyOf(sponsor), group);
  consents.set(name, consent);
  return consent;
}

/** One group: the model, the real log, and what each honest device has heard. */
class History {
  readonly ops: ModelOp[] = [];
  readonly ids: Hash[] = [];
  readonly log: MembershipLog;
  readonly views = new Map<string, Set<number>>(honest.map((name) => [name, new Set([0])]));
  readonly chance: Chance;
  refused = 0;

  constructor(chance: Chance, founder: string) {
    this.chance = chance;
    this.log = foundedLog(identityOf(founder));
    this.ids.push(this.log.group as Hash);
    this.ops.push({ author: founder, act: { kind: 'genesis' }, past: new Set([0]), epoch: 0 });
  }

  all(): Set<number> {
    return new Set(this.ops.keys());
  }

  pick<T>(from: readonly T[]): T {
    return from[this.chance(from.length)] as T;
  }

  headsOf(held: ReadonlySet<number>): number[] {
    return [...held].filter(
      (number) => ![...held].some((other) => other !== number && this.ops[other]?.past.has(number)),
    );
  }

  /** A past that some thief might claim to have seen. */
  anyPast(): Set<number> {
    const past = new Set([0]);
    for (let i = this.chance(3); i >= 0; i--)
      for (const number of this.ops[this.chance(this.ops.length)]?.past ?? []) past.add(number);
    return past;
  }

  /** Tries an operation in the model and in the real log, which must agree; the number of the new operation if they take it. */
  attempt(author: string, held: ReadonlySet<number>, act: ModelAct): number | undefined {
    const heads = this.headsOf(held);
    if (heads.length > 8) return undefined;
    const envelope = this.envelopeOf(author, held, heads, act);
    const allowed = modelAllows(this.ops, held, author, act);
    const { status, id } = this.log.add(envelope);
    if (status === 'known') return undefined;
    if ((status === 'added') !== allowed)
      throw new Error(`the log says ${status} to ${author}: ${JSON.stringify(act)}`);
    if (!allowed) {
      this.refused += 1;
      return undefined;
    }
    const number = this.ops.length;
    const epoch = act.kind === 'reset' ? modelState(this.ops, held).epoch + 1 : 0;
    this.ops.push({ author, act, past: new Set([...held, number]), epoch });
    this.ids.push(id as Hash);
    return number;
  }

  envelopeOf(author: string, held: ReadonlySet<number>, heads: readonly number[], act: ModelAct): Uint8Array {
    const own = [...held]
      .filter((number) => this.ops[number]?.author === author)
      .map((number) => this.log.op(this.ids[number] as Hash))
      .toSorted((a, b) => (b?.seq ?? 0) - (a?.seq ?? 0))[0];
    const withRecovery = act.kind === 'reset' && act.withRecoveryKey;
    const recovery = act.kind === 'reset' ? (withRecovery ? testRecovery : identityOf('L')) : undefined;
    const draft = {
      group: this.log.group,
      author: keyOf(author),
      seq: own === undefined ? 0 : own.seq + 1,
      prev: own?.id,
      deps: heads.map((number) => this.ids[number] as Hash),
      body: this.bodyOf(author, act),
    };
    return signOp(draft, identityOf(author), recovery);
  }

  bodyOf(author: string, act: ModelAct): OpBody {
    switch (act.kind) {
      case 'admit': {
        const consent = consentFor(act.key, author, this.log.group as Hash);
        return { kind: 'admit', key: keyOf(act.key), method: 'sas', transcript: testTranscript, consent };
      }
      case 'revoke': {
        const keep = act.keep === undefined ? undefined : this.ids[act.keep];
        const targets = act.targets.map((target) => ({ key: keyOf(target), keep, cut: undefined }));
        return { kind: 'revoke', targets, reason: 'lost' };
      }
      case 'reset':
        return { kind: 'reset', keep: act.keep.map(keyOf) };
      case 'lapse':
        return { kind: 'lapse', key: keyOf(act.key) };
      case 'genesis':
      case 'nothing':
        return { kind: 'merge' };
    }
  }

  someOf(names: readonly string[]): string[] {
    const some = names.filter(() => this.chance(2) === 0);
    return some.length > 0 ? some : [this.pick(names)];
  }

  honestStep(): void {
    const name = this.pick(honest);
    const view = this.views.get(name) as Set<number>;
    const state = modelState(this.ops, view);
    const removers = [...modelRemoversAndSponsors(this.ops, view, name)];
    const seen = thieves.filter((thief) => state.known.has(thief));
    const kind = this.chance(9);
    let act: ModelAct = { kind: 'nothing' };
    if (kind < 2) act = { kind: 'admit', key: this.pick(everyone) };
    else if (kind < 5 && seen.length > 0)
      act = { kind: 'revoke', targets: this.someOf(seen), keep: this.maybeOf(view) };
    else if (kind < 7 && state.revoked.has(name) && removers.length > 0)
      act = { kind: 'revoke', targets: removers, keep: undefined };
    else if (kind === 8) act = { kind: 'lapse', key: this.pick(everyone) };
    else if (kind === 7 && this.chance(4) === 0)
      act = { kind: 'reset', keep: this.someOf([...state.known]), withRecoveryKey: true };
    const number = this.attempt(name, view, act);
    if (number !== undefined) view.add(number);
  }

  thiefStep(): void {
    const author = this.pick(thieves);
    const held = this.chance(3) === 0 ? this.all() : this.anyPast();
    const kind = this.chance(11);
    let act: ModelAct = { kind: 'nothing' };
    if (kind < 4) act = { kind: 'admit', key: this.pick(everyone) };
    else if (kind < 9)
      act = { kind: 'revoke', targets: this.someOf(everyone), keep: this.maybeOf(this.all()) };
    else if (kind === 9) act = { kind: 'lapse', key: this.pick(everyone) };
    else act = { kind: 'reset', keep: this.someOf(thieves), withRecoveryKey: false };
    this.attempt(author, held, act);
  }

  maybeOf(held: ReadonlySet<number>): number | undefined {
    return this.chance(4) === 0 ? this.pick([...held]) : undefined;
  }

  /** Someone hears a part of what there is. */
  deliver(): void {
    const view = this.views.get(this.pick(honest)) as Set<number>;
    for (const number of this.ops[this.chance(this.ops.length)]?.past ?? []) view.add(number);
  }

  membersAt(held: ReadonlySet<number>): Membership {
    return this.log.membersAt(this.headsOf(held).map((number) => this.ids[number] as Hash)) as Membership;
  }
}

function play(seed: number): History {
  const chance = chanceOf(seed);
  const founder = chance(2) === 0 ? 'A' : 'L';
  const history = new History(chance, founder);
  // The group before the theft: most devices are in, in some order, and everyone knows.
  for (const name of ['B', 'L', 'D', 'A', 'S'])
    if (name !== founder && chance(6) > 0)
      history.attempt(history.pick([...modelState(history.ops, history.all()).active]), history.all(), {
        kind: 'admit',
        key: name,
      });
  for (const view of history.views.values()) for (const number of history.all()) view.add(number);
  for (let steps = 5 + chance(8); steps > 0; steps--) {
    if (chance(2) === 0) history.honestStep();
    else history.thiefStep();
    if (chance(2) === 0) history.deliver();
  }
  return history;
}

function namesIn(members: Membership): ModelState {
  const named = (keys: ReadonlySet<DeviceKey>): Set<string> =>
    new Set([...keys].map((key) => nameOf.get(key) as string));
  return {
    epoch: members.epoch,
    known: named(members.known),
    alive: named(members.alive),
    active: named(members.active),
    revoked: named(members.revoked),
    suspended: named(members.suspended),
    lapsed: named(members.lapsed),
  };
}

/** How often each thing happened in the histories that were checked. */
export type HistoryCounts = Record<
  'histories' | 'operations' | 'refused' | 'removals' | 'outsiders' | 'strikes' | 'resets' | 'lapses',
  number
>;

let told: HistoryCounts;
const count = (what: keyof HistoryCounts, by = 1): void => {
  told[what] += by;
};

/** Plays and checks the histories of these seeds; throws at the first that breaks a promise, and names it. */
export function checkHistories(first: number, histories: number): HistoryCounts {
  told = {
    histories,
    operations: 0,
    refused: 0,
    removals: 0,
    outsiders: 0,
    strikes: 0,
    resets: 0,
    lapses: 0,
  };
  for (let seed = first; seed < first + histories; seed++) {
    try {
      checkHistory(seed);
    } catch (cause) {
      throw new Error(`--histories 1 --seed ${seed}: ${String(cause)}`, { cause });
    }
  }
  return told;
}

function checkHistory(seed: number): void {
  const history = play(seed);
  const sets = [history.all(), ...history.views.values(), history.anyPast(), history.anyPast()];
  count('operations', history.ops.length);
  count('refused', history.refused);
  count('lapses', history.log.members().lapsed.size);
  for (const held of sets) assert.deepEqual(namesIn(history.membersAt(held)), modelState(history.ops, held));
  assert.deepEqual(namesIn(history.log.members()), modelState(history.ops, history.all()));
  for (const held of sets) checkRevokedStayOut(history, held);
  for (const held of sets) checkNobodySmuggledIn(history, held);
  if (seed % 3 === 0) checkOrderDoesNotMatter(history);
  checkOutsidersDoNotStrike(history);
  checkStrikeBack(history);
  checkResetIsFinal(history);
}

function checkRevokedStayOut({ ops }: History, held: ReadonlySet<number>): void {
  const { active, epoch } = modelState(ops, held);
  for (const number of held) {
    const { act, past } = ops[number] as ModelOp;
    if (act.kind !== 'revoke' || modelState(ops, past).epoch !== epoch) continue;
    count('removals');
    for (const target of act.targets) assert.equal(active.has(target), false);
  }
}

/** Everyone active was let in by somebody who was in, and whom nobody had removed without having seen it. */
function checkNobodySmuggledIn({ ops }: History, held: ReadonlySet<number>): void {
  const { active, alive, epoch } = modelState(ops, held);
  if (epoch > 0) return;
  const removals = [...held].filter((number) => ops[number]?.act.kind === 'revoke');
  for (const key of active) {
    if (key === ops[0]?.author) continue;
    const letIn = [...held].some((number) => {
      const { act, author } = ops[number] as ModelOp;
      if (act.kind !== 'admit' || act.key !== key || !alive.has(author)) return false;
      return removals.every((removal) => {
        const { act: removing, past } = ops[removal] as ModelOp;
        return removing.kind !== 'revoke' || !removing.targets.includes(author) || past.has(number);
      });
    });
    assert.deepEqual({ key, letIn }, { key, letIn: true });
  }
}

function checkOrderDoesNotMatter({ log, chance }: History): void {
  const envelopes = log.ops().map(({ envelope }) => envelope);
  const others = envelopes.slice(1);
  for (let i = others.length - 1; i > 0; i--) {
    const j = chance(i + 1);
    [others[i], others[j]] = [others[j] as Uint8Array, others[i] as Uint8Array];
  }
  const again = createMembershipLog({ ops: envelopes.slice(0, 1) });
  for (const envelope of others) again.add(envelope);
  assert.deepEqual(again.heads(), log.heads());
  assert.deepEqual(namesIn(again.members()), namesIn(log.members()));
  assert.equal(again.alarms().length, log.alarms().length);
}

/** Whoever was removed and never truly let in, or not kept by a reset, has no answer to give; the model and the log must both say so. */
function checkOutsidersDoNotStrike(history: History): void {
  const all = history.all();
  const { revoked, alive } = modelState(history.ops, all);
  for (const name of everyone) {
    if (!revoked.has(name) || alive.has(name)) continue;
    const targets = [...modelRemoversAndSponsors(history.ops, all, name)];
    if (targets.length === 0) continue;
    count('outsiders');
    assert.equal(history.attempt(name, all, { kind: 'revoke', targets, keep: undefined }), undefined);
  }
}

/** Whoever was truly let in and then removed can take its removers out, unless the removers are only itself. */
function checkStrikeBack(history: History): void {
  const { ops, log } = history;
  const { alive, revoked } = modelState(ops, history.all());
  const evicted = honest.find((name) => alive.has(name) && revoked.has(name));
  if (evicted === undefined) return;
  const removers = [...modelRemoversAndSponsors(ops, history.all(), evicted)];
  if (removers.length === 0) return;
  count('strikes');
  const strike = createRevoke(
    { log, identity: identityOf(evicted) },
    { targets: removers.map((name) => ({ key: keyOf(name) })), reason: 'stolen' },
  );
  assert.equal(log.add(strike).status, 'added');
  const { active } = namesIn(log.members());
  for (const remover of removers) assert.equal(active.has(remover), false);
}

function checkResetIsFinal(history: History): void {
  const { log, chance } = history;
  const before = log.heads();
  const keep = honest.filter((name) => log.members().known.has(keyOf(name)) && chance(3) > 0);
  if (keep.length === 0) return;
  count('resets');
  const reset = createReset({ log, identity: identityOf('N'), recovery: testRecovery }, keep.map(keyOf));
  assert.equal(log.add(reset).status, 'added');
  assert.deepEqual(namesIn(log.members()).active, new Set(keep));
  const everybody = [...log.members().known].map((key) => ({ key, keep: undefined, cut: undefined }));
  for (const thief of thieves) {
    const body: OpBody = {
      kind: 'revoke',
      targets: everybody.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      reason: 'lost',
    };
    const { seq, prev } = log.nextPlace(keyOf(thief));
    log.add(
      signOp(
        { group: log.group, author: keyOf(thief), seq, prev, deps: before.slice(0, 8), body },
        identityOf(thief),
      ),
    );
  }
  assert.deepEqual(namesIn(log.members()).active, new Set(keep));
}
