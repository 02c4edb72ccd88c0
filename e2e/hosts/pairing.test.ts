import { afterEach, expect, test } from 'vitest';
import { collect, type RunningDevice, spawnCommand, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import { describeInLab, meeting, startOn } from '../harness/lab-group.ts';

const keyOf = ({ ready }: RunningDevice): string => ready().deviceKey;

/** A `device pair` under way, with its stdin open. */
function pairing(on: RunningDevice, key: string) {
  const child = spawnCommand(['--home', on.home, 'device', 'pair', key], { input: { kind: 'open' } });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, stdout, stderr, ended };
}

describeInLab('devices that nobody told where they are', () => {
  let lab: Lab | undefined;
  const devices: RunningDevice[] = [];

  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    lab?.destroy();
  });

  async function two(): Promise<readonly [RunningDevice, RunningDevice]> {
    lab = createLab(['left', 'right']);
    const [left, right] = lab.hosts as readonly [LabHost, LabHost];
    const started = [await startOn(left), await startOn(right)] as const;
    devices.push(...started);
    await started[0].ask('group', 'create', '--no-recovery');
    return started;
  }

  test('see each other only while pairing is open, and pair by digits', async () => {
    const [left, right] = await two();
    expect(await left.ask('device', 'nearby', '--timeout', '3')).toEqual([]);
    const near = (on: RunningDevice, other: RunningDevice) => async (): Promise<boolean> =>
      (await on.ask<readonly { key: string }[]>('device', 'nearby', '--timeout', '3')).some(
        ({ key }) => key === keyOf(other),
      );
    await waitUntil('right sees left', near(right, left), 60_000);
    await waitUntil('left sees right', near(left, right), 60_000);
    const hosts = pairing(left, keyOf(right).slice(0, 10));
    const joins = pairing(right, keyOf(left));
    const code = await waitUntil('the code', () => /^code (\d{6})\n/.exec(joins.stdout())?.[1], 60_000);
    hosts.child.stdin?.write(`${code}\n`);
    expect([await hosts.ended, await joins.ended, hosts.stderr()]).toEqual([
      0,
      0,
      expect.stringContaining('Paired with right.'),
    ]);
    await meeting(left, right);
  });

  test('find each other once each has the other’s key typed', async () => {
    const [left, right] = await two();
    await left.ask('device', 'allow', keyOf(right));
    await right.ask('device', 'allow', '--no-recovery', keyOf(left));
    const members = async (): Promise<readonly string[]> =>
      (await right.ask<{ members: readonly string[] }>('group', 'show')).members;
    await waitUntil('both are members', async () => (await members()).length === 2, 90_000);
    expect(await members()).toEqual([keyOf(left), keyOf(right)].sort());
    await meeting(left, right);
  });
});
