/**
 * The rules of membership written down a second time, as plainly as possible and with no cryptography: operations are numbers, pasts are sets.
 * Only for checking the real log against it, so it shares no code with it.
 */
export interface ModelOp {
  readonly author: string;
  readonly act: ModelAct;
  readonly past: ReadonlySet<number>;
  readonly epoch: number;
}

/** What a model operation does. */
export type ModelAct =
  | { readonly kind: 'genesis' }
  | { readonly kind: 'admit'; readonly key: string }
  | { readonly kind: 'revoke'; readonly targets: readonly string[]; readonly keep: number | undefined }
  | { readonly kind: 'reset'; readonly keep: readonly string[]; readonly withRecoveryKey: boolean }
  | { readonly kind: 'lapse'; readonly key: string }
  | { readonly kind: 'nothing' };

/** Who belongs to the group by one set of operations. */
export interface ModelState {
  readonly epoch: number;
  readonly known: ReadonlySet<string>;
  readonly alive: ReadonlySet<string>;
  readonly active: ReadonlySet<string>;
  readonly revoked: ReadonlySet<string>;
  readonly suspended: ReadonlySet<string>;
  readonly lapsed: ReadonlySet<string>;
}

/** The state of the operations whose numbers are in `held`, a set that holds with each all it builds on. */
export function modelState(ops: readonly ModelOp[], held: ReadonlySet<number>): ModelState {
  const numbers = [...held].toSorted((a, b) => a - b);
  const at = (number: number): ModelOp => ops[number] as ModelOp;
  const epoch = Math.max(0, ...numbers.map((number) => at(number).epoch));
  const resets = numbers.filter((number) => epoch > 0 && at(number).epoch === epoch);
  const scope = numbers.filter(
    (number) => epoch === 0 || resets.some((reset) => reset !== number && at(number).past.has(reset)),
  );
  const founder = at(0).author;
  const keeps = resets.map((number) => (at(number).act as { keep: readonly string[] }).keep);
  const base =
    epoch === 0 ? [founder] : (keeps[0] ?? []).filter((key) => keeps.every((keep) => keep.includes(key)));

  const known = new Set([founder]);
  const revoked = new Set<string>();
  if (epoch > 0 && !base.includes(founder)) revoked.add(founder);
  for (const number of numbers) {
    const { act } = at(number);
    if (act.kind !== 'admit') continue;
    known.add(act.key);
    if (!scope.includes(number) && !base.includes(act.key)) revoked.add(act.key);
  }
  for (const number of scope) {
    const { act } = at(number);
    if (act.kind === 'revoke') for (const target of act.targets) revoked.add(target);
  }
  // An operation counts if every removal of its author had seen it, and no `keep` is before it.
  const counts = (number: number): boolean =>
    scope.every((removal) => {
      const { act, past } = at(removal);
      if (act.kind !== 'revoke' || !act.targets.includes(at(number).author)) return true;
      return past.has(number) && (act.keep === undefined || at(act.keep).past.has(number));
    });
  const alive = new Set(base);
  for (let before = -1; before !== alive.size; ) {
    before = alive.size;
    for (const number of scope) {
      const { act, author } = at(number);
      if (act.kind === 'admit' && alive.has(author) && counts(number)) alive.add(act.key);
    }
  }
  const lapsed = new Set<string>();
  for (const number of scope) {
    const { act, author } = at(number);
    if (act.kind !== 'lapse' || !alive.has(act.key) || revoked.has(act.key)) continue;
    if (!alive.has(author) || !counts(number)) continue;
    const answers = scope.filter((later) => at(later).author === act.key && at(later).past.has(number));
    if (!answers.some(counts)) lapsed.add(act.key);
  }
  const only = (keys: ReadonlySet<string>, test: (key: string) => boolean): Set<string> =>
    new Set([...keys].filter(test));
  return {
    epoch,
    known,
    alive,
    revoked,
    active: only(alive, (key) => !revoked.has(key)),
    lapsed,
    suspended: only(known, (key) => !alive.has(key) && !revoked.has(key)),
  };
}

/** The removers of `device` in `held`, and all who let them in, without the device itself. */
export function modelRemoversAndSponsors(
  ops: readonly ModelOp[],
  held: ReadonlySet<number>,
  device: string,
): Set<string> {
  const found = new Set<string>();
  const heldOps = [...held].map((number) => ops[number] as ModelOp);
  for (const { act, author } of heldOps)
    if (act.kind === 'revoke' && act.targets.includes(device)) found.add(author);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { act, author } of heldOps) if (act.kind === 'admit' && found.has(act.key)) found.add(author);
  }
  found.delete(device);
  return found;
}

/** Whether `author`, having seen exactly `held`, may do this. */
export function modelAllows(
  ops: readonly ModelOp[],
  held: ReadonlySet<number>,
  author: string,
  act: ModelAct,
): boolean {
  if (held.size === 0) return act.kind === 'genesis';
  const state = modelState(ops, held);
  if (act.kind === 'reset') return act.withRecoveryKey && act.keep.every((key) => state.known.has(key));
  if (!state.active.has(author)) {
    if (act.kind !== 'revoke' || !state.alive.has(author)) return false;
    const allowed = modelRemoversAndSponsors(ops, held, author);
    if (!act.targets.every((target) => allowed.has(target))) return false;
  }
  if (act.kind === 'admit') return !state.revoked.has(act.key);
  if (act.kind === 'lapse') return state.known.has(act.key);
  if (act.kind === 'revoke')
    return (
      act.targets.every((target) => state.known.has(target)) && (act.keep === undefined || held.has(act.keep))
    );
  return true;
}
