// Real devices on hosts in network namespaces, users, partitions, kills, suspensions, for as long as told; at each quiet moment everything is looked at.
//   npm run soak -- [--minutes N] [--hosts N] [--seed S]
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { bundleCommand } from '../faults/rig/bundled-command.ts';
import { createContentBook } from '../faults/rig/content-book.ts';
import { treeOf, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, whyNoLab } from '../harness/lab.ts';
import { inStepWithin } from '../harness/lab-group.ts';
import { type SeededNumbers, seededNumbers } from '../harness/lab-seeded.ts';
import { type SoakHost, startSoakHosts } from './soak-hosts.ts';
import { createSoakUser, type SoakUser } from './soak-user.ts';
import { tellIfAsked } from '../../build/usage.mjs';

tellIfAsked(import.meta.filename);
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    hosts: { type: 'string', default: '4' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
  },
});
const { seed } = values;
/** LIMIT: how long users act between two quiet moments, and how long it may take until all is in step. */
const busyMs = 45_000;
const inStepS = 300;

/** What happened, counted. */
const counts: Record<string, number> = {};
const count = (what: string, by = 1): void => {
  counts[what] = (counts[what] ?? 0) + by;
};
const violations: string[] = [];
const book = createContentBook();
/** What users did last, so that a violation can be understood. */
let story: string[] = [];
const told = (line: string): void => {
  story.push(`${new Date().toISOString()} ${line}`);
};

const whyNot = whyNoLab();
if (whyNot !== undefined) {
  console.error(`no soak here: ${whyNot}`);
  process.exit(1);
}
const names = Array.from({ length: Number(values.hosts) }, (_, i) => `h${i + 1}`);
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-soak-'));
const out = path.resolve(import.meta.dirname, '../../out', `soak-${seed}`);
const lab = createLab(names);
const numbers = seededNumbers(`${seed} faults`);
const startedAt = performance.now();
const endAt = startedAt + Number(values.minutes) * 60_000;
try {
  const launcher = await bundleCommand(path.join(place, 'command'));
  const { hosts, folderId } = await startSoakHosts(lab, launcher);
  const users = hosts.map((each, i) =>
    createSoakUser({
      seed: `${seed} ${i}`,
      numbers: seededNumbers(`${seed} user ${i}`),
      folder: each.folder,
      folderId,
      book,
      ask: each.ask,
    }),
  );
  console.log(`soak --seed ${seed}: ${hosts.length} hosts, ${values.minutes} minutes`);
  while (performance.now() < endAt && violations.length === 0) {
    story = [];
    await busyTime(hosts, users);
    await quietMoment(hosts, folderId);
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
    console.log(`${minutes} min: ${JSON.stringify(counts)}, ${violations.length} violations`);
  }
  if (violations.length > 0) keepEvidence(hosts);
} finally {
  const bytes = lab.hosts.reduce((sum, host) => sum + host.traffic().sentBytes, 0);
  count('bytes on the wire', bytes);
  lab.destroy();
  fs.rmSync(place, { recursive: true, force: true });
}
for (const [what, times] of Object.entries(counts)) console.log(`${String(times).padStart(12)} ${what}`);
console.log(`${String(book.count()).padStart(12)} contents that nobody replaced, looked for in the end`);
for (const violation of violations) console.log(violation);
console.log(
  `${violations.length} violations in ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes (--seed ${seed})`,
);
// Sockets of devices that were ended linger.
process.exit(violations.length > 0 ? 1 : 0);

/** Users act and things break, until it is time to look. */
async function busyTime(hosts: readonly SoakHost[], users: readonly SoakUser[]): Promise<void> {
  const until = Math.min(performance.now() + busyMs, endAt);
  const act = async (user: SoakUser, host: SoakHost, own: SeededNumbers): Promise<void> => {
    while (performance.now() < until) {
      const what = await user.act();
      if (what !== undefined) {
        count('operations');
        count(what);
        told(`${host.device.name} ${what}`);
      }
      await pass(own.below(400));
    }
  };
  const breaks = async (): Promise<void> => {
    while (performance.now() < until) {
      await pass(1_000 + numbers.below(3_000));
      await breakSomething(hosts, lab);
    }
    // Whoever has asked a suspended device something would wait for ever.
    for (const host of hosts) if (host.state() === 'suspended') host.goOn();
  };
  await Promise.all([
    ...users.map((user, i) => act(user, hosts[i] as SoakHost, seededNumbers(`${seed} pace ${i} ${until}`))),
    breaks(),
  ]);
}

async function breakSomething(hosts: readonly SoakHost[], { part }: Lab): Promise<void> {
  const host = hosts[numbers.below(hosts.length)] as SoakHost;
  const other = hosts[numbers.below(hosts.length)] as SoakHost;
  switch (numbers.below(6)) {
    case 0:
    case 1:
      if (host.state() === 'on') {
        await host.kill();
        count('kills');
        told(`${host.device.name} is killed`);
      } else if (host.state() === 'off') await host.start();
      else host.goOn();
      return;
    case 2:
      if (host.state() === 'off') await host.start();
      return;
    case 3: {
      if (host === other) part();
      else {
        part([host.device.name, other.device.name]);
        count('partitions');
        told(`${host.device.name} and ${other.device.name} are parted`);
      }
      return;
    }
    case 4:
      host.host.cut();
      count('cables pulled');
      told(`${host.device.name} is cut off`);
      await pass(numbers.below(4_000));
      host.host.heal();
      return;
    default:
      if (host.state() === 'suspended') host.goOn();
      else if (host.state() === 'on') {
        host.suspend();
        count('suspensions');
        told(`${host.device.name} is suspended`);
      }
  }
}

/** Everything is mended, everybody waits until all are in step, and then nothing may be wrong. */
async function quietMoment(hosts: readonly SoakHost[], folderId: string): Promise<void> {
  lab.part();
  for (const host of hosts) {
    if (host.state() === 'off') await host.start();
    if (host.state() === 'suspended') host.goOn();
    await host.ask()?.call('folderResume', { folder: folderId });
  }
  count('quiet moments');
  const wrong = (what: string): void => void violations.push(`VIOLATION ${what}`);
  const trees = () => hosts.map(({ folder }) => treeOf(folder));
  const areEqual = (): boolean => {
    const [first, ...others] = trees();
    return others.every((tree) => isDeepStrictEqual(tree, first));
  };
  try {
    await waitUntil('all trees are equal', areEqual, inStepS * 1000);
    await inStepWithin(inStepS, ...hosts.map(({ device }) => device));
  } catch (error) {
    wrong((error as Error).message);
    const [first = {}, ...others] = trees();
    for (const [i, tree] of others.entries())
      for (const name of new Set([...Object.keys(first), ...Object.keys(tree)]))
        if (!isDeepStrictEqual(first[name], tree[name]))
          wrong(`${name} differs between ${hosts[0]?.device.name} and ${hosts[i + 1]?.device.name}`);
    return;
  }
  if (!areEqual()) wrong('in step, and the trees differ');
  for (const lost of book.missing(hosts.map(({ folder }) => folder))) wrong(`lost: ${lost}`);
  for (const { folder, device, ask } of hosts) {
    const staging = path.join(folder, '.lockstep', 'staging');
    await waitUntil('staging is empty', () => fs.readdirSync(staging).length === 0, 30_000).catch(() => {});
    for (const name of fs.readdirSync(staging)) wrong(`left in staging on ${device.name}: ${name}`);
    const status = await ask()?.call('status');
    for (const { problems, needFiles, pendingLocal } of status?.folders ?? [])
      if (problems.length > 0 || needFiles > 0 || pendingLocal > 0)
        wrong(`${device.name} is in step and says ${JSON.stringify({ problems, needFiles, pendingLocal })}`);
  }
  const lists = await Promise.all(
    hosts.map(async ({ ask }) => (await ask()?.call('conflictList', {})) ?? []),
  );
  count('conflicts open at quiet moments', lists[0]?.length ?? 0);
  const [mine, ...theirs] = lists.map((list) => list.map(({ id, versions }) => [id, versions.length]));
  for (const [i, list] of theirs.entries())
    if (!isDeepStrictEqual(list, mine))
      wrong(`conflicts differ between ${names[0]} and ${names[i + 1]}: ${JSON.stringify([mine, list])}`);
}

/** What is needed to understand a violation. */
function keepEvidence(hosts: readonly SoakHost[]): void {
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(out, 'story.txt'), story.join('\n'));
  for (const { device, folder } of hosts) {
    fs.cpSync(path.join(device.home, 'logs'), path.join(out, device.name), { recursive: true });
    fs.cpSync(folder, path.join(out, `${device.name}-folder`), { recursive: true, verbatimSymlinks: true });
  }
  console.log(`logs, folders and what was done since the last quiet moment: ${out}`);
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
