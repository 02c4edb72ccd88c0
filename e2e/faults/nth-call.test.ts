import { expect, test } from 'vitest';
import { faults, whyNoCounting } from './rig/nth-call.ts';
import { sayTotals } from './rig/report.ts';
import { runRig } from './rig/run-rig.ts';

/** LIMIT: what two processors do in some five minutes; `npm run faults` does every call. */
const every = Number(process.env.LOCKSTEP_FAULTS_EVERY ?? 20);
/** Another one each day, so that in time every call has its turn. */
const offset = Number(process.env.LOCKSTEP_FAULTS_OFFSET ?? Math.floor(Date.now() / 86_400_000));
const whyNot = whyNoCounting();
const says = `LOCKSTEP_FAULTS_EVERY=${every} LOCKSTEP_FAULTS_OFFSET=${offset}${whyNot === undefined ? '' : `; ${whyNot}`}`;

test.skipIf(whyNot !== undefined)(
  `a device that is killed at its n-th file-system call loses nothing and leaves nothing behind (${says})`,
  { timeout: 1_200_000 },
  async () => {
    const report = await runRig({
      every,
      offset,
      faults: [faults.kill],
      acts: [],
      minutes: 0,
      say: console.log,
    });
    console.log(sayTotals(report));
    expect(report.wrong).toEqual([]);
    expect(report.hits.kill).toBeGreaterThan(0);
  },
);

test.skipIf(whyNot !== undefined)(
  `a device whose n-th file-system call fails loses nothing and leaves nothing behind (${says})`,
  { timeout: 1_200_000 },
  async () => {
    const report = await runRig({
      every,
      offset,
      faults: [faults.EIO, faults.ENOSPC, faults.EACCES, faults.EMFILE],
      acts: ['makes files', 'saves over'],
      minutes: 0,
      say: console.log,
    });
    console.log(sayTotals(report));
    expect(report.wrong).toEqual([]);
  },
);
