// Three devices of one person carry work along, with no server: real processes, driven by the `lockstep` command.
//   npm run demo
// Ends with 0 only if all three hold the same names with the same content at the end, namely what was written. Leaves nothing behind.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contentOf, type RunningDevice, runCommand, startDevice, waitUntil } from '../harness/harness.ts';
import { createNarrator } from './narrator.ts';

/** LIMIT: a meeting on one machine takes a second or two. */
const meetingS = 20;
const mebibyte = 1024 * 1024;

const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-demo-'));
const devices: RunningDevice[] = [];
// Also after Ctrl-C and after a failure; the harness ends processes that still run, when this one ends.
process.on('exit', () => fs.rmSync(stage, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    console.error('\nInterrupted; everything is cleaned up.');
    process.exit(1);
  });

const narrator = createNarrator();
const written: Record<string, string> = {};

/** Writes a file of a device's user, and remembers what everybody should have in the end. */
function write(device: string, name: string, sizeBytes: number): void {
  const content = randomBytes(sizeBytes);
  fs.writeFileSync(path.join(workOf(device), name), content);
  written[name] = createHash('sha256').update(content).digest('hex');
}

/** The directory that a device's user works in. */
function workOf(device: string): string {
  return path.join(stage, device, 'Work');
}

async function start(name: string): Promise<RunningDevice> {
  fs.mkdirSync(workOf(name), { recursive: true });
  const device = await startDevice({ name, home: path.join(stage, name, 'home') });
  devices.push(device);
  return device;
}

/** Brings `joiner` into the group of `host` and attaches its empty or filled directory. */
async function bringIn(host: RunningDevice, joiner: RunningDevice, folderId: string): Promise<void> {
  const { invitation } = await host.ask<{ invitation: string }>('device', 'invite', '--yes');
  narrator.typed(host.name, 'device invite --yes');
  narrator.typed(joiner.name, `device join ${invitation.slice(0, 12)}…`);
  await joiner.ask('device', 'join', invitation);
  await waitUntil(`${joiner.name} sees what is offered`, async () => {
    const offered = await joiner.ask<readonly { id: string }[]>('folder', 'list');
    return offered.some(({ id }) => id === folderId);
  });
  narrator.typed(joiner.name, 'folder join Work ~/Work');
  await joiner.ask('folder', 'join', folderId, workOf(joiner.name));
}

/** Resolves when `receiver` has `name`, if one is given, and both hold the same; shows what arrives meanwhile. */
async function inStep(receiver: RunningDevice, other: RunningDevice, name?: string): Promise<void> {
  const wait = (of: RunningDevice, withOne: RunningDevice): Promise<unknown> =>
    of.ask('wait', '--timeout', String(meetingS), '--for', withOne.ready().deviceKey);
  const arrived = async (): Promise<void> => {
    const held = (): boolean =>
      name === undefined || contentOf(workOf(receiver.name))[name] === written[name];
    await waitUntil(`${receiver.name} has ${name}`, held, meetingS * 1000);
    await wait(receiver, other);
  };
  await narrator.arriving(receiver.name, receiver.home, arrived());
  await wait(other, receiver);
  narrator.say(`${receiver.name}: ${namesIn(receiver)}; ${other.name}: ${namesIn(other)}.`);
}

function namesIn(device: RunningDevice): string {
  return Object.keys(contentOf(workOf(device.name))).join(' ');
}

async function play(): Promise<void> {
  console.log('Lockstep: three devices of one person, no server, no account.');
  console.log(`(All of it happens in ${stage}, which is removed at the end.)`);

  narrator.chapter('At home. The laptop holds F1, F2 and F3, the desktop holds F4.');
  const [laptop, desktop] = [await start('laptop'), await start('desktop')];
  write('laptop', 'F1', 24 * mebibyte);
  write('laptop', 'F2', 16 * mebibyte);
  write('laptop', 'F3', 3000);
  write('desktop', 'F4', 32 * mebibyte);
  narrator.typed('laptop', 'folder add ~/Work');
  const { folderId } = await laptop.ask<{ folderId: string }>('folder', 'add', workOf('laptop'));
  await bringIn(laptop, desktop, folderId);
  await inStep(desktop, laptop);

  narrator.chapter(
    'The desktop is switched off. At work the laptop meets the office machine, which is empty.',
  );
  await desktop.kill('SIGTERM');
  const office = await start('office');
  await bringIn(laptop, office, folderId);
  await inStep(office, laptop);

  narrator.chapter('F5 is written at the office.');
  write('office', 'F5', 20 * mebibyte);
  await inStep(laptop, office, 'F5');

  narrator.chapter('At night the office machine is off, and the laptop and the desktop are at home again.');
  await office.kill('SIGTERM');
  await desktop.restart();
  await inStep(desktop, laptop, 'F5');
}

/** Whether every device holds just what was written. */
function compare(): boolean {
  const text = (content: Readonly<Record<string, string>>): string =>
    JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  const wanted = text(written);
  console.log('\nWhat each device holds now, SHA-256 over names and content:');
  let equal = true;
  for (const name of ['laptop', 'desktop', 'office']) {
    const held = text(contentOf(workOf(name)));
    const told = held === wanted ? 'as written' : 'DIFFERENT';
    console.log(
      `   ${name.padEnd(8)} ${createHash('sha256').update(held).digest('hex').slice(0, 16)}  ${told}`,
    );
    equal &&= held === wanted;
  }
  return equal;
}

const startedAt = performance.now();
try {
  await play();
  const equal = compare();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(equal ? `\nAll three are in step. ${seconds} s.` : '\nThe devices differ.');
  process.exitCode = equal ? 0 : 1;
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  for (const device of devices) {
    const { stdout } = await runCommand(['--home', device.home, 'status']);
    console.error(`\n${device.name}\n${stdout}${device.stderr()}`);
  }
  process.exitCode = 1;
} finally {
  await Promise.all(devices.map((device) => device.stop()));
}
