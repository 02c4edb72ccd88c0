import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { collect, type RunningDevice, spawnCommand, startDevice, waitUntil } from '../harness/harness.ts';

interface Listed {
  readonly key: string;
  readonly state: string;
  readonly method: string | null;
}

async function device(name: string): Promise<RunningDevice> {
  const started = await startDevice({ name });
  onTestFinished(() => started.stop());
  return started;
}
const keyOf = ({ ready }: RunningDevice): string => ready().deviceKey;

/** Two devices that each know where the other is, the first in a group. */
async function two() {
  const [host, joiner] = [await device('host'), await device('joiner')];
  await host.ask('group', 'create', '--no-recovery');
  for (const [on, other] of [
    [host, joiner],
    [joiner, host],
  ] as const)
    await on.ask('device', 'connect', keyOf(other), other.ready().listen[0] as string);
  return { host, joiner };
}

/** A `device pair` under way, with its stdin open. */
function pairing(on: RunningDevice, ...args: readonly string[]) {
  const child = spawnCommand(['--home', on.home, 'device', 'pair', ...args], { input: { kind: 'open' } });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const type = (text: string): void => void child.stdin?.write(`${text}\n`);
  return { child, stdout, stderr, ended, type, endInput: () => child.stdin?.end() };
}
type Pairing = ReturnType<typeof pairing>;

/** The digits that the joiner prints as its first line. */
function digitsOf({ stdout }: Pairing): Promise<string> {
  return waitUntil('the code', () => /^code (\d{6})\n/.exec(stdout())?.[1], 60_000);
}
const notThese = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const members = async (on: RunningDevice): Promise<readonly string[]> =>
  (await on.ask<{ members: readonly string[] }>('group', 'show')).members;

/** What a home keeps but the log, with the membership log's bytes. */
function storedIn({ home }: RunningDevice): readonly string[] {
  const log = `${home}/membership`;
  return [
    ...fs.readdirSync(home).filter((name) => name !== 'logs'),
    fs.existsSync(log) ? fs.readFileSync(log, 'hex') : '',
  ];
}

test('devices near by are listed, and pair by six digits typed on stdin', { timeout: 600_000 }, async () => {
  const { host, joiner } = await two();
  expect(await host.ask('device', 'nearby', '--timeout', '5')).toEqual([
    {
      key: keyOf(joiner),
      words: expect.stringMatching(/^([a-z]+ ){5}[a-z]+$/),
      claimedName: null,
      address: joiner.ready().listen[0],
    },
  ]);
  const joins = pairing(joiner, keyOf(host));
  await waitUntil('it asks', async () =>
    (await host.ask<readonly { claimedName: string | null }[]>('device', 'nearby')).some(
      ({ claimedName }) => claimedName === 'joiner',
    ),
  );
  const hosts = pairing(host, '--json', keyOf(joiner).slice(0, 9));
  const code = await digitsOf(joins);
  hosts.type(notThese(code));
  hosts.type(`${code.slice(0, 3)} ${code.slice(3)}`);
  expect([await hosts.ended, await joins.ended]).toEqual([0, 0]);
  const { group } = await host.ask<{ group: string }>('group', 'show');
  expect(JSON.parse(hosts.stdout())).toEqual({ deviceKey: keyOf(joiner), group });
  expect(joins.stdout().split('\n')[1]).toBe(
    `The device ${keyOf(joiner)} now belongs to the group ${group}.`,
  );
  await waitUntil('they meet', async () => {
    const listed = await host.ask<readonly Listed[]>('device', 'list');
    return listed.some(
      ({ key, state, method }) => key === keyOf(joiner) && state === 'connected' && method === 'sas',
    );
  });
  expect(await host.cli('device', 'pair', keyOf(joiner), '--json')).toMatchObject({
    code: 1,
    json: { error: { code: 'already-exists' } },
  });
});

test('digits that are wrong three times end it with 1 on both, and leave nothing behind', {
  timeout: 600_000,
}, async () => {
  const { host, joiner } = await two();
  const homes = [host, joiner].map(storedIn);
  const joins = pairing(joiner, '--json', keyOf(host));
  const hosts = pairing(host, keyOf(joiner));
  const code = await waitUntil(
    'the code',
    () => /^{"event":"code","code":"(\d{6})"}\n/.exec(joins.stdout())?.[1],
    60_000,
  );
  for (let tries = 0; tries < 3; tries++) hosts.type(notThese(code));
  expect([await hosts.ended, await joins.ended]).toEqual([1, 1]);
  expect(hosts.stderr()).toContain('The six digits were not the same, three times.');
  expect(JSON.parse(joins.stdout().split('\n')[1] as string)).toMatchObject({
    error: { code: 'pairing-refused', retry: 'after-user' },
  });
  expect(await joiner.ask('group', 'show')).toMatchObject({ group: null });
  expect(await members(host)).toEqual([keyOf(host)]);
  expect([host, joiner].map(storedIn)).toEqual(homes);
  // Without digits at all it is refused too, and the joiner hears of it.
  const again = pairing(joiner, keyOf(host));
  const silent = await host.cli('device', 'pair', keyOf(joiner));
  expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining('It was not given.') });
  expect(await again.ended).toBe(1);
  expect(again.stderr()).toContain('The person at the other device said no.');
  expect(await members(host)).toEqual([keyOf(host)]);
});

test('a pairing that is interrupted on one side ends on the other, also while digits are awaited', {
  timeout: 600_000,
}, async () => {
  const { host, joiner } = await two();
  const joins = pairing(joiner, keyOf(host));
  const hosts = pairing(host, keyOf(joiner));
  await digitsOf(joins);
  joins.child.kill('SIGINT');
  expect([await joins.ended, await hosts.ended]).toEqual([1, 1]);
  expect(hosts.stderr()).toContain('The other device broke the pairing off.');
  const [again, anew] = [pairing(host, keyOf(joiner)), pairing(joiner, keyOf(host))];
  again.type(await digitsOf(anew));
  expect([await again.ended, await anew.ended]).toEqual([0, 0]);
});

test('where nobody can be asked, the host has to be named by its whole key', {
  timeout: 600_000,
}, async () => {
  const { host, joiner } = await two();
  const joins = pairing(joiner, keyOf(host).slice(0, 9));
  const hosts = pairing(host, keyOf(joiner));
  expect(await joins.ended).toBe(1);
  expect(joins.stdout()).toBe('');
  expect(joins.stderr()).toContain('nobody can answer here');
  expect(await hosts.ended).toBe(1);
  expect(await members(host)).toEqual([keyOf(host)]);
});

test('two devices that have each other’s key typed come together without a question', {
  timeout: 600_000,
}, async () => {
  const { host, joiner } = await two();
  expect(await host.ask('device', 'allow', keyOf(joiner))).toEqual({ expiresInS: 86_400 });
  expect(await members(host)).toEqual([keyOf(host)]);
  await joiner.ask('device', 'allow', '--no-recovery', keyOf(host));
  await waitUntil(
    'they meet',
    async () =>
      (await joiner.ask<readonly Listed[]>('device', 'list')).some(
        ({ key, state }) => key === keyOf(host) && state === 'connected',
      ),
    60_000,
  );
  const listed = await host.ask<readonly Listed[]>('device', 'list');
  expect(listed.find(({ key }) => key === keyOf(joiner))).toMatchObject({ method: 'typed' });
  expect(await host.cli('device', 'allow', `${keyOf(joiner).slice(0, -1)}`)).toMatchObject({ code: 2 });
});

test('a home that was copied raises an alarm, on both copies too', { timeout: 600_000 }, async () => {
  const { host, joiner } = await two();
  const invited = await host.ask<{ invitation: string }>('device', 'invite', '--yes');
  await joiner.ask('device', 'join', invited.invitation);
  const copy = fs.mkdtempSync(`${joiner.home}-copy-`);
  onTestFinished(() => fs.rmSync(copy, { recursive: true, force: true }));
  for (const name of ['device.key', 'settings.json', 'membership', 'membership.times'])
    if (fs.existsSync(`${joiner.home}/${name}`)) fs.copyFileSync(`${joiner.home}/${name}`, `${copy}/${name}`);
  const clone = await startDevice({ name: 'joiner', home: copy });
  onTestFinished(() => clone.stop());
  expect(keyOf(clone)).toBe(keyOf(joiner));
  const isAlarmed = async (device: RunningDevice): Promise<boolean> =>
    (await device.ask<readonly (Listed & { alarms: readonly string[] })[]>('device', 'list')).some(
      ({ key, alarms }) => key === keyOf(joiner) && alarms.includes('identity-in-two-places'),
    );
  // The two never meet each other: the host tells them.
  for (const device of [host, joiner, clone]) await waitUntil('the alarm', () => isAlarmed(device), 90_000);
});
