import { describe, expect, it } from 'vitest';
import { createWorld, type World, type WorldMachine } from '../testing/world.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { PairStep } from './api.ts';

type StepOf<S extends PairStep['step']> = Extract<PairStep, { step: S }>;

interface Two {
  readonly world: World;
  /** In a group. */
  readonly host: WorldMachine;
  /** In none. */
  readonly joiner: WorldMachine;
}

async function started(seed: string, names: readonly string[]) {
  const world = createWorld(seed);
  const machines = names.map((name) => world.machine(name));
  for (const machine of machines) await world.during(machine.start());
  return { world, machines };
}

async function two(seed: string): Promise<Two> {
  const { world, machines } = await started(seed, ['host', 'joiner']);
  const [host, joiner] = machines as [WorldMachine, WorldMachine];
  await world.during(host.device().api.groupCreate({ recovery: false }));
  return { world, host, joiner };
}

const keyOf = (machine: WorldMachine): string => deviceKeyToText(machine.key());
const groupOf = async (machine: WorldMachine) => (await machine.device().api.groupShow()).group;

function pair(on: WorldMachine, device: string, signal?: AbortSignal): Promise<PairStep> {
  const wish = { device, recovery: true, ...(signal === undefined ? {} : { signal }) };
  return handled(on.device().api.devicePair(wish));
}
type Answer = { readonly digits: string | null } | { readonly agrees: boolean };

/** Answers the step, if there is an answer, and waits for the one after it. */
function next(on: WorldMachine, { pairing }: PairStep, answer?: Answer): Promise<PairStep> {
  const { api } = on.device();
  const answered = answer === undefined ? undefined : api.devicePairAnswer({ pairing, ...answer });
  return handled(Promise.all([api.devicePairNext({ pairing }), answered]).then(([step]) => step));
}

/** What fails is looked at later. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
function expectStep<S extends PairStep['step']>(step: PairStep, kind: S): StepOf<S> {
  expect(step.step).toBe(kind);
  return step as StepOf<S>;
}

/** Both persons began; resolves when the joiner shows digits and the host asks for them. */
async function shown({ world, host, joiner }: Two) {
  const [asks, shows] = [pair(host, keyOf(joiner)), pair(joiner, keyOf(host))];
  return {
    asked: expectStep(await world.during(asks), 'digits'),
    code: expectStep(await world.during(shows), 'code'),
  };
}
const notThese = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('pairing with a device near by', () => {
  it('admits the device whose digits were typed, once its person says that the host calls it paired', async () => {
    const devices = await two('digits');
    const { world, host, joiner } = devices;
    const { asked, code } = await shown(devices);
    expect(asked).toMatchObject({ name: 'joiner', triesLeft: 3 });
    expect(code.code).toMatch(/^\d{6}$/);
    const asking = next(joiner, code);
    const matched = expectStep(await world.during(next(host, asked, { digits: code.code })), 'matched');
    const ending = next(host, matched);
    const confirm = expectStep(await world.during(asking), 'confirm');
    expect(confirm.name).toBe('host');
    expect(await groupOf(joiner)).toBeNull();
    const there = expectStep(await world.during(next(joiner, confirm, { agrees: true })), 'paired');
    const here = expectStep(await world.during(ending), 'paired');
    expect(here).toMatchObject({ deviceKey: keyOf(joiner), group: await groupOf(host) });
    expect(there).toMatchObject({ deviceKey: keyOf(joiner), group: await groupOf(host) });
    await world.until('connected', async () => {
      const listed = await joiner.device().api.deviceList();
      return listed.some(({ key, state }) => key === keyOf(host) && state === 'connected');
    });
    const member = (await host.device().api.deviceList()).find(({ key }) => key === keyOf(joiner));
    expect(member).toMatchObject({ name: 'joiner', method: 'sas', addedBy: keyOf(host) });
    await expect(next(host, here)).rejects.toMatchObject({ code: 'not-found' });
    await expect(pair(host, keyOf(joiner))).rejects.toMatchObject({ code: 'already-exists' });
    await world.during(world.stop());
  });

  it('shows who is near, with a name only once it has asked; whoever is picked later waits until then', async () => {
    const { world, host, joiner } = await two('list');
    const [atHost, atJoiner] = await world.during(
      Promise.all([host.device().api.deviceNearby({}), joiner.device().api.deviceNearby({})]),
    );
    expect(atHost).toMatchObject([{ key: keyOf(joiner), claimedName: null }]);
    expect(atJoiner).toMatchObject([{ key: keyOf(host), claimedName: null }]);
    const shows = pair(joiner, keyOf(host).slice(0, 8));
    await world.pass(60_000);
    expect(await world.during(host.device().api.deviceNearby({}))).toMatchObject([
      { key: keyOf(joiner), claimedName: 'joiner', address: expect.any(String) },
    ]);
    const asked = expectStep(await world.during(pair(host, keyOf(joiner).slice(0, 8))), 'digits');
    expectStep(await world.during(shows), 'code');
    expect(asked.name).toBe('joiner');
    await world.during(world.stop());
  });

  it('ends with wrong digits typed three times, and leaves nothing behind', async () => {
    const devices = await two('wrong');
    const { world, host, joiner } = devices;
    const group = await groupOf(host);
    const { asked, code } = await shown(devices);
    const wrong = notThese(code.code);
    const refused = next(joiner, code);
    let step: PairStep = asked;
    for (const triesLeft of [2, 1]) {
      step = await world.during(next(host, step, { digits: wrong }));
      expect(step).toMatchObject({ step: 'digits', triesLeft });
    }
    await expect(world.during(next(host, step, { digits: wrong }))).rejects.toMatchObject({
      code: 'pairing-refused',
      facts: { what: 'wrong-code' },
    });
    await expect(world.during(refused)).rejects.toMatchObject({
      code: 'pairing-refused',
      facts: { what: 'wrong-code' },
    });
    expect([await groupOf(joiner), await groupOf(host)]).toEqual([null, group]);
    expect((await host.device().api.deviceList()).map(({ key }) => key)).toEqual([keyOf(host)]);
    expect((await host.device().api.groupShow()).members).toEqual([keyOf(host)]);
    // Both may begin anew.
    const again = await shown(devices);
    expectStep(await world.during(next(host, again.asked, { digits: again.code.code })), 'matched');
    await world.during(world.stop());
  });

  it('is closed after three sessions that failed, whoever typed, until a person opens it again', async () => {
    const devices = await two('unverified');
    const { world, host, joiner } = devices;
    for (const what of ['declined-here', 'declined-here', 'unverified']) {
      const { asked, code } = await shown(devices);
      const refused = next(joiner, code);
      await expect(world.during(next(host, asked, { digits: null }))).rejects.toMatchObject({
        code: 'pairing-refused',
        facts: { what },
      });
      await expect(world.during(refused)).rejects.toMatchObject({ facts: { what: 'declined' } });
    }
    // The joiner goes on asking, and is not let in until the host's person begins again.
    const shows = pair(joiner, keyOf(host));
    await world.pass(60_000);
    expect((await host.device().api.groupShow()).members).toEqual([keyOf(host)]);
    expectStep(await world.during(pair(host, keyOf(joiner))), 'digits');
    expectStep(await world.during(shows), 'code');
    await world.during(world.stop());
  });

  it('admits nobody whose person says that the host does not call it paired', async () => {
    const devices = await two('declined');
    const { world, host, joiner } = devices;
    const { asked, code } = await shown(devices);
    const asking = next(joiner, code);
    const matched = await world.during(next(host, asked, { digits: code.code }));
    const ending = next(host, matched);
    const confirm = await world.during(asking);
    await expect(world.during(next(joiner, confirm, { agrees: false }))).rejects.toMatchObject({
      code: 'pairing-refused',
      facts: { what: 'declined-here' },
    });
    await expect(world.during(ending)).rejects.toMatchObject({ facts: { what: 'declined' } });
    expect((await host.device().api.groupShow()).members).toEqual([keyOf(host)]);
    expect(await groupOf(joiner)).toBeNull();
    await world.during(world.stop());
  });

  it('gives a person two minutes for the digits', async () => {
    const devices = await two('slow');
    const { world, host, joiner } = devices;
    const { asked, code } = await shown(devices);
    const refused = next(joiner, code);
    await expect(world.during(refused)).rejects.toMatchObject({ facts: { what: 'expired' } });
    expect(world.clock.monotonic()).toBeGreaterThan(120_000);
    await expect(world.during(next(host, asked, { digits: code.code }))).rejects.toMatchObject({
      facts: { what: 'expired' },
    });
    await world.during(world.stop());
  });

  it('waits five minutes for the other device and no longer', async () => {
    const { world, host, joiner } = await two('alone');
    for (const [on, other] of [
      [host, joiner],
      [joiner, host],
    ] as const)
      await expect(world.during(pair(on, keyOf(other)))).rejects.toMatchObject({
        code: 'pairing-refused',
        facts: { what: 'expired' },
      });
    expect(world.clock.monotonic()).toBeGreaterThanOrEqual(600_000);
    expect(await groupOf(joiner)).toBeNull();
    await world.during(world.stop());
  });

  it.each(['host', 'joiner'] as const)(
    'ends at once on both sides when the person at the %s gives up',
    async (who) => {
      const devices = await two(`gives up ${who}`);
      const { world, host, joiner } = devices;
      const leaving = new AbortController();
      const asks = pair(host, keyOf(joiner), who === 'host' ? leaving.signal : undefined);
      const shows = pair(joiner, keyOf(host), who === 'joiner' ? leaving.signal : undefined);
      const [asked, code] = await world.during(Promise.all([asks, shows]));
      const rest = who === 'host' ? next(joiner, code) : undefined;
      leaving.abort(new Error('the person left'));
      await world.pass(1_000);
      const left = rest ?? next(host, asked, { digits: '000000' });
      await expect(world.during(left)).rejects.toMatchObject({ code: 'interrupted' });
      expect((await host.device().api.groupShow()).members).toEqual([keyOf(host)]);
      expect(await groupOf(joiner)).toBeNull();
      const again = await shown(devices);
      expect(again.code.code).toMatch(/^\d{6}$/);
      await world.during(world.stop());
    },
  );

  it('of two devices without a group the one with the smaller key hosts, and founds it only with the admission', async () => {
    const { world, machines } = await started('fresh', ['a', 'b']);
    const [small, large] = [...machines].sort((a, b) => (a.key() < b.key() ? -1 : 1)) as [
      WorldMachine,
      WorldMachine,
    ];
    const begin = { world, host: small, joiner: large };
    const first = await shown(begin);
    const refused = next(large, first.code);
    await expect(world.during(next(small, first.asked, { digits: null }))).rejects.toMatchObject({
      facts: { what: 'declined-here' },
    });
    await expect(world.during(refused)).rejects.toMatchObject({ facts: { what: 'declined' } });
    expect([await groupOf(small), await groupOf(large)]).toEqual([null, null]);
    const { asked, code } = await shown(begin);
    const asking = next(large, code);
    const matched = await world.during(next(small, asked, { digits: code.code }));
    const ending = next(small, matched);
    const confirm = await world.during(asking);
    expect(await groupOf(small)).toBeNull();
    await world.during(next(large, confirm, { agrees: true }));
    const here = expectStep(await world.during(ending), 'paired');
    expect(here.recoveryCode?.split(' ')).toHaveLength(12);
    expect(await groupOf(large)).toBe(await groupOf(small));
    await world.during(world.stop());
  });

  it('needs an answer that fits, and a key that may be paired with', async () => {
    const devices = await two('arguments');
    const { world, host, joiner } = devices;
    await expect(pair(host, keyOf(host))).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(pair(host, 'nobody')).rejects.toMatchObject({ code: 'not-found' });
    const { asked } = await shown(devices);
    await expect(pair(host, keyOf(joiner))).rejects.toMatchObject({ code: 'already-exists' });
    const { api } = host.device();
    for (const answer of [{ agrees: true }, {}])
      await expect(api.devicePairAnswer({ ...asked, ...answer })).rejects.toMatchObject({
        code: 'bad-argument',
      });
    expect(await world.during(next(host, asked, { digits: 'abc' }))).toMatchObject({ triesLeft: 2 });
    await world.during(world.stop());
  });
});

it('of one network ten strangers a minute are let in while pairing is open', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `m${at}`);
  const { world, machines } = await started('many', ['host', ...names]);
  const [host, ...others] = machines as [WorldMachine, ...WorldMachine[]];
  await world.during(host.device().api.groupCreate({ recovery: false }));
  await world.during(host.device().api.deviceNearby({}));
  const asked = new Set<string>();
  for (const other of others) {
    const leaving = new AbortController();
    void pair(other, keyOf(host), leaving.signal);
    await world.pass(3_000);
    for (const { key, claimedName } of await world.during(host.device().api.deviceNearby({ timeoutS: 0.2 })))
      if (claimedName !== null) asked.add(key);
    leaving.abort(new Error('the person left'));
  }
  expect(world.clock.monotonic()).toBeLessThan(60_000);
  expect(asked.size).toBe(10);
  await world.during(world.stop());
});

describe('a device that invites', () => {
  it('lets in one after the other within a minute, while devices it does not pair with go on asking', async () => {
    const names = Array.from({ length: 5 }, (_, at) => `joiner${at}`);
    const { world, machines } = await started('invites', ['host', 'near', 'nearer', ...names]);
    const [host, near, nearer, ...joiners] = machines as [WorldMachine, ...WorldMachine[]];
    await world.during(host.device().api.groupCreate({ recovery: false }));
    const leaving = new AbortController();
    const { api } = host.device();
    const asking = [near, nearer].map((each) => pair(each as WorldMachine, keyOf(host), leaving.signal));
    for (const joiner of joiners) {
      const { invitation } = await world.during(api.deviceInvite({ admit: 'any', recovery: false }));
      await world.pass(8_000);
      await world.during(joiner.device().api.deviceJoin({ invitation }));
    }
    expect(world.clock.monotonic()).toBeLessThan(60_000);
    const { members } = await api.groupShow();
    expect(members).toHaveLength(1 + joiners.length);
    leaving.abort(new Error('the people left'));
    await world.during(Promise.allSettled(asking));
    await world.during(world.stop());
  });

  it('is not said to have had its invitation used where it only listens to others just now', async () => {
    const { world, machines } = await started('full', ['host', 'joiner', 'late', 'x', 'y', 'z']);
    const [host, joiner, late, ...others] = machines as [WorldMachine, ...WorldMachine[]];
    const { api } = host.device();
    await world.during(api.groupCreate({ recovery: false }));
    await world.during(api.deviceNearby({}));
    const leaving = new AbortController();
    const asking = others.map((each) => pair(each, keyOf(host), leaving.signal));
    await world.pass(10_000);
    const invite = async () => world.during(api.deviceInvite({ admit: 'any', recovery: false }));
    const join = (by: WorldMachine | undefined, { invitation }: { readonly invitation: string }) =>
      world.during(handled((by as WorldMachine).device().api.deviceJoin({ invitation })));
    const made = await invite();
    const notHeard = { code: 'invitation-refused', facts: { what: 'not-heard' } };
    await expect(join(joiner, made)).rejects.toMatchObject(notHeard);
    leaving.abort(new Error('the people left'));
    await world.during(Promise.allSettled(asking));
    await world.pass(10_000);
    await join(joiner, made);
    // Somebody who may still ask is told what is so.
    await expect(join(late, made)).rejects.toMatchObject({ code: 'invitation-used' });
    await world.during(world.stop());
  });

  it('that leaves while somebody joins is not told of as a fault of the program', async () => {
    const { world, machines } = await started('leaves', ['host', 'joiner']);
    const [host, joiner] = machines as [WorldMachine, WorldMachine];
    const { invitation } = await world.during(
      host.device().api.deviceInvite({ admit: 'ask', recovery: false }),
    );
    const joins = handled(joiner.device().api.deviceJoin({ invitation }));
    await world.until('it asks', async () => (await host.device().api.questions()).length === 1);
    host.kill();
    await expect(world.during(joins)).rejects.toMatchObject({ code: 'interrupted' });
    expect(await groupOf(joiner)).toBeNull();
    await world.during(world.stop());
  });
});
