import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, onTestFinished } from 'vitest';
import type { DeviceListing, FolderListing, Status } from '../../core/engine/engine.ts';
import type { RunningDevice } from './device.ts';
import { createLab, type LabHost, whyNoLab } from './lab.ts';
import { startDevice, waitUntil } from './harness.ts';

/** LIMIT: far beyond what anything takes that is not stuck. */
const meetDeadlineMs = 60_000;
const inStepDeadlineS = 90;

const whyNot = whyNoLab();

/** A suite that needs a lab; where there can be none it is skipped, with the reason in its name. */
export function describeInLab(name: string, tests: () => void): void {
  const reason = whyNot === undefined ? '' : ` (${whyNot})`;
  describe.skipIf(whyNot !== undefined)(`${name}${reason}`, () => {
    tests();
  });
}

/** Looks until `look` returns what is `wanted`, then expects it, so that a test that waits in vain tells the difference. */
export async function comesTo<T>(
  what: string,
  look: () => T,
  wanted: T,
  deadlineMs = meetDeadlineMs,
): Promise<void> {
  await waitUntil(what, () => isDeepStrictEqual(look(), wanted), deadlineMs).catch(() => {});
  expect(look()).toEqual(wanted);
}

/** Starts a device on a host of a lab, found and finding by the network alone. */
export function startOn(
  host: LabHost,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningDevice> {
  return startDevice({
    name: host.name,
    home: `${host.directory}/home`,
    discovery: true,
    listen: [],
    wrap: host.wrap,
    args,
    env,
  });
}

/** Lets `joiner` into the group of `member`, founding one if there is none. `between` runs when the invitation is written and not used yet. */
export async function admit(
  member: RunningDevice,
  joiner: RunningDevice,
  between = (): void => {},
): Promise<void> {
  const { group } = await member.ask<{ group: string | null }>('group', 'show');
  const founding = group === null ? ['--no-recovery'] : [];
  const { invitation } = await member.ask<{ invitation: string }>('device', 'invite', '--yes', ...founding);
  between();
  await joiner.ask('device', 'join', invitation);
}

/** Shares a directory; returns the folder's id. */
export async function shareFolder(device: RunningDevice, directory: string, name: string): Promise<string> {
  const { folderId } = await device.ask<{ folderId: string }>('folder', 'add', directory, '--name', name);
  return folderId;
}

/** Attaches a folder to a directory as soon as somebody offers it. */
export async function takeFolder(device: RunningDevice, folderId: string, directory: string): Promise<void> {
  await waitUntil(
    `${device.name} is offered ${folderId}`,
    async () =>
      (await device.ask<FolderListing[]>('folder', 'list')).some(
        ({ id, state }) => id === folderId && state === 'offered',
      ),
    meetDeadlineMs,
  );
  await device.ask('folder', 'join', folderId, directory);
}

export function statusOf(device: RunningDevice): Promise<Status> {
  return device.ask<Status>('status');
}

/** What `device` says of `other`. */
export async function sightOf(
  device: RunningDevice,
  other: RunningDevice,
): Promise<DeviceListing | undefined> {
  const { deviceKey } = other.ready();
  return (await device.ask<DeviceListing[]>('device', 'list')).find(({ key }) => key === deviceKey);
}

/** Tells `device` where `other` listens now: for devices that do not look for each other by themselves. */
export async function tellWhere(device: RunningDevice, other: RunningDevice): Promise<void> {
  const { deviceKey, listen } = other.ready();
  if (listen[0] === undefined) throw new RangeError(`${other.name} listens nowhere`);
  await device.ask('device', 'connect', deviceKey, listen[0]);
}

/** Resolves when each of these is connected to all others of them. */
export async function meeting(...devices: readonly RunningDevice[]): Promise<void> {
  for (const device of devices) {
    const others = devices.filter((other) => other !== device).map((other) => other.ready().deviceKey);
    await waitUntil(
      `${device.name} is connected to ${others.length} others`,
      async () => {
        const { peers } = await statusOf(device);
        return others.every((other) =>
          peers.some(({ key, state }) => key === other && state === 'connected'),
        );
      },
      meetDeadlineMs,
    );
  }
}

/** Resolves when each of these says that it is in step with all others of them. */
export function inStep(...devices: readonly RunningDevice[]): Promise<void> {
  return inStepWithin(inStepDeadlineS, ...devices);
}

/** The same, with a deadline for work that takes long. */
export async function inStepWithin(deadlineS: number, ...devices: readonly RunningDevice[]): Promise<void> {
  for (const device of devices) {
    const others = devices.filter((other) => other !== device).map((other) => other.ready().deviceKey);
    const keys = others.flatMap((key) => ['--for', key]);
    const result = await device.cli('wait', ...keys, '--timeout', String(deadlineS));
    if (result.code === 0) continue;
    const status = JSON.stringify(await statusOf(device), undefined, 1);
    throw new Error(`${device.name} is not in step: ${result.stderr}\n${status}`);
  }
}

/** Ends these devices in order and expects them to end well. */
export async function switchOff(...devices: readonly RunningDevice[]): Promise<void> {
  const exits = await Promise.all(devices.map((device) => device.kill('SIGTERM')));
  expect(exits).toEqual(devices.map(() => ({ code: 0, signal: null })));
}

/** A device and the directory in which it keeps the folder. */
export interface Member {
  readonly device: RunningDevice;
  readonly folder: string;
}

/** Starts devices on this machine, each with an empty directory of its name; all of it goes with the test. */
export async function startMembers<const Names extends readonly string[]>(
  ...names: Names
): Promise<{ readonly [Place in keyof Names]: Member }> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-members-'));
  onTestFinished(() => fs.rmSync(top, { recursive: true, force: true }));
  const members: Member[] = [];
  for (const name of names) {
    const folder = path.join(top, name);
    fs.mkdirSync(folder);
    const device = await startDevice({ name });
    onTestFinished(() => device.stop());
    members.push({ device, folder });
  }
  return members as { readonly [Place in keyof Names]: Member };
}

/** The same, each on a host of its own in a lab, where they find each other by the network alone. */
export async function startMembersOnHosts<const Names extends readonly string[]>(
  ...names: Names
): Promise<{ readonly [Place in keyof Names]: Member }> {
  const lab = createLab(names);
  onTestFinished(() => lab.destroy());
  const members: Member[] = [];
  for (const host of lab.hosts) {
    const folder = path.join(host.directory, 'folder');
    fs.mkdirSync(folder);
    const device = await startOn(host);
    onTestFinished(() => device.stop());
    members.push({ device, folder });
  }
  return members as { readonly [Place in keyof Names]: Member };
}

/** Shares the directory of the first with the others, and tells all of each other; resolves when they are in step. */
export async function shareAmong(
  members: readonly [Member, ...Member[]],
  name: string,
  deadlineS = inStepDeadlineS,
): Promise<void> {
  const [first, ...others] = members;
  const folderId = await shareFolder(first.device, first.folder, name);
  for (const [i, { device, folder }] of others.entries()) {
    await admit(first.device, device);
    await takeFolder(device, folderId, folder);
    for (const { device: other } of others.slice(0, i)) await tellWhere(device, other);
  }
  const devices = members.map(({ device }) => device);
  await meeting(...devices);
  await inStepWithin(deadlineS, ...devices);
}
