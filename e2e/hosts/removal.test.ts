import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Question } from '../../core/engine/engine.ts';
import { type RunningDevice, runCommand, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  describeInLab,
  inStep,
  meeting,
  shareFolder,
  sightOf,
  startOn,
  statusOf,
  switchOff,
  takeFolder,
} from '../harness/lab-group.ts';
import { seededBytes } from '../harness/lab-seeded.ts';

/** LIMIT: enough that it is under way when the removal comes. */
const bigBytes = 192 * 1024 * 1024;
/** LIMIT: a removed device is heard once a minute. */
const patienceMs = 150_000;

describeInLab('a laptop that is stolen', () => {
  let lab: Lab | undefined;
  const devices: RunningDevice[] = [];

  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    lab?.destroy();
  });

  const folderOf = (host: LabHost): string => path.join(host.directory, 'folder');
  const fileOn = (host: LabHost, name: string): string => path.join(folderOf(host), name);
  const textOn = (host: LabHost, name: string): string | undefined =>
    fs.existsSync(fileOn(host, name)) ? fs.readFileSync(fileOn(host, name), 'utf8') : undefined;
  const keyOf = (device: RunningDevice): string => device.ready().deviceKey;
  const until = (what: string, look: () => boolean | Promise<boolean>): Promise<true> =>
    waitUntil(what, look, patienceMs).then(() => true);
  const stateOf = async (on: RunningDevice, of: RunningDevice) => (await sightOf(on, of))?.state;
  const isActive = async (device: RunningDevice) => (await sightOf(device, device))?.active;
  /** Resolves once `on` lists exactly these as not having heard that `of` was removed. */
  const notHeard = (on: RunningDevice, of: RunningDevice, ...who: readonly RunningDevice[]): Promise<true> =>
    until(`${on.name} knows who has not heard of ${of.name}`, async () => {
      const listed = (await sightOf(on, of))?.notHeard ?? [];
      return JSON.stringify([...listed].sort()) === JSON.stringify(who.map(keyOf).sort());
    });
  const recover = (device: RunningDevice, code: string, ...keep: readonly string[]) =>
    runCommand(['--home', device.home, '--json', 'recover', '--keep', ...keep], { input: `${code}\n` });

  test('[A9] [A10] [A11] [A13] [A18] is dropped by all, whatever it claims; the recovery code has the last word', async () => {
    lab = createLab(['desk', 'nas', 'attic', 'laptop']);
    const [deskHost, nasHost, atticHost, laptopHost] = lab.hosts as [LabHost, LabHost, LabHost, LabHost];
    for (const host of lab.hosts) fs.mkdirSync(folderOf(host));
    fs.writeFileSync(fileOn(deskHost, 'file'), 'first');
    for (const host of lab.hosts) devices.push(await startOn(host));
    const [desk, nas, attic, laptop] = devices as [
      RunningDevice,
      RunningDevice,
      RunningDevice,
      RunningDevice,
    ];
    const folder = await shareFolder(desk, folderOf(deskHost), 'Work');
    const { recoveryCode } = await desk.ask<{ recoveryCode: string }>('group', 'create');
    for (const [joiner, host] of [
      [nas, nasHost],
      [attic, atticHost],
      [laptop, laptopHost],
    ] as const) {
      await admit(desk, joiner);
      await takeFolder(joiner, folder, folderOf(host));
    }
    await meeting(...devices);
    await inStep(...devices);
    // A copy of the laptop from before anything happened, by which it will claim to have heard of nothing.
    const copy = path.join(lab.directory, 'copy');
    await switchOff(laptop);
    fs.cpSync(laptop.home, copy, { recursive: true });
    await laptop.restart();
    await meeting(...devices);

    // Removed while the attic is off and while it is sending.
    await switchOff(attic);
    const since = new Date(Date.now() - 1).toISOString();
    fs.writeFileSync(fileOn(laptopHost, 'big'), seededBytes('big', bigBytes));
    const staging = path.join(folderOf(deskHost), '.lockstep/staging');
    await until('the desk is being sent it', () =>
      fs.readdirSync(staging).some((name) => fs.statSync(path.join(staging, name)).size > 0),
    );
    const removed = await desk.ask(
      'device',
      'remove',
      'laptop',
      '--reason',
      'stolen',
      '--undo-since',
      since,
      '--yes',
    );
    expect(removed).toMatchObject({ revoked: [keyOf(laptop)] });
    expect((await statusOf(desk)).peers.map(({ key }) => key)).not.toContain(keyOf(laptop));
    expect(textOn(deskHost, 'big')).toBeUndefined();
    await notHeard(desk, laptop, attic);
    await until('the nas has dropped it too', async () => (await stateOf(nas, laptop)) === 'revoked');
    await notHeard(nas, laptop, attic);
    await until('it knows', async () => (await isActive(laptop)) === false);
    fs.writeFileSync(fileOn(laptopHost, 'too late'), 'too late');
    await inStep(desk, nas);
    await switchOff(laptop, nas);
    await nas.restart();
    await meeting(desk, nas);
    await inStep(desk, nas);
    for (const each of [desk, nas]) await notHeard(each, laptop, attic);

    // It comes back as if it had heard of nothing, and reaches the attic before the others do.
    lab.part(['attic', 'desk'], ['attic', 'nas'], ['laptop', 'desk'], ['laptop', 'nas']);
    fs.rmSync(fileOn(laptopHost, 'big'));
    fs.rmSync(fileOn(laptopHost, 'too late'));
    fs.rmSync(laptop.home, { recursive: true });
    fs.cpSync(copy, laptop.home, { recursive: true });
    await Promise.all([laptop.restart(), attic.restart()]);
    await meeting(laptop, attic);
    await inStep(laptop, attic);
    await laptop.ask('device', 'remove', 'desk', '--reason', 'stolen', '--keep-added', '--yes');
    await until('the attic believes it', async () => (await stateOf(attic, desk)) === 'revoked');
    for (const each of [attic, laptop]) await notHeard(each, desk, nas);
    for (const each of [desk, nas]) await notHeard(each, laptop, attic);
    fs.writeFileSync(fileOn(laptopHost, 'file'), 'ruined');
    fs.writeFileSync(fileOn(laptopHost, 'made'), 'by the laptop');
    await until(
      'the attic takes what it does',
      () => textOn(atticHost, 'file') === 'ruined' && textOn(atticHost, 'made') !== undefined,
    );
    fs.writeFileSync(fileOn(atticHost, 'from-attic'), 'attic');
    await inStep(laptop, attic);

    // The attic meets the desk, whom it takes for removed, and learns.
    lab.part(['attic', 'nas'], ['laptop', 'desk'], ['laptop', 'nas']);
    await until('the attic has heard', async () => (await stateOf(attic, laptop)) === 'revoked');
    lab.part(['laptop', 'desk'], ['laptop', 'nas']);
    await meeting(attic, nas);
    await until('what was there is back', () => textOn(atticHost, 'file') === 'first');
    expect(textOn(atticHost, 'made')).toBeUndefined();
    const [question] = await attic.ask<readonly Question[]>('questions');
    expect(question).toMatchObject({
      kind: 'removed-device',
      device: keyOf(laptop),
      counts: { replaced: 2 },
    });
    await until('the nas follows the attic', () => textOn(nasHost, 'from-attic') === 'attic');
    expect([textOn(nasHost, 'file'), textOn(nasHost, 'made')]).toEqual(['first', undefined]);
    // Two that removed each other are both out.
    await until('the desk is out as well', async () => (await isActive(desk)) === false);
    const bothKnow = async (): Promise<void> => {
      for (const device of [nas, attic])
        for (const other of [desk, laptop]) {
          expect(await stateOf(device, other)).toBe('revoked');
          await notHeard(device, other);
        }
    };
    await bothKnow();
    await switchOff(attic);
    await attic.restart();
    await meeting(attic, nas);
    await bothKnow();
    // The laptop's word against the desk has set aside what the desk did since, that it took `big` back as well. Nobody has its bytes, and it is not waited for.
    for (const [device, host] of [
      [nas, nasHost],
      [attic, atticHost],
    ] as const) {
      expect((await statusOf(device)).folders[0]).toMatchObject({ needFiles: 0, problems: [] });
      expect(textOn(host, 'big')).toBeUndefined();
    }
    expect(textOn(atticHost, 'file')).toBe('first');
    await attic.ask('answer', question?.id ?? '', 'apply');
    await until(
      'taken in at one stroke',
      () => textOn(nasHost, 'file') === 'ruined' && textOn(nasHost, 'made') === 'by the laptop',
    );

    // The recovery code ends it: the desk is back, the laptop is not.
    const recovered = await recover(desk, recoveryCode, 'desk', 'nas', 'attic');
    expect([recovered.code, recovered.json]).toMatchObject([
      0,
      { epoch: 1, kept: [desk, nas, attic].map(keyOf).sort() },
    ]);
    // A removed device is heard once a minute; whoever has just started hears it at once.
    await switchOff(nas, attic);
    lab.part();
    await Promise.all([nas.restart(), attic.restart()]);
    await meeting(desk, nas, attic);
    await until('the laptop knows', async () => (await isActive(laptop)) === false);
    fs.writeFileSync(fileOn(laptopHost, 'after'), 'after');
    fs.writeFileSync(fileOn(deskHost, 'together'), 'together');
    await until('all have what the desk wrote', () =>
      [nasHost, atticHost].every((host) => textOn(host, 'together') === 'together'),
    );
    fs.writeFileSync(fileOn(nasHost, 'and back'), 'and back');
    await until('all have what the nas wrote', () =>
      [deskHost, atticHost].every((host) => textOn(host, 'and back') === 'and back'),
    );
    for (const host of [deskHost, nasHost, atticHost]) expect(textOn(host, 'after')).toBeUndefined();
    expect(textOn(laptopHost, 'together')).toBeUndefined();
    for (const each of [desk, nas, attic]) await notHeard(each, laptop);

    // Another thief is first: it removes the desk, which answers. Both are out, and the code ends that too.
    await nas.ask('device', 'remove', 'desk', '--reason', 'stolen', '--keep-added', '--yes');
    await until('the desk is out', async () => (await isActive(desk)) === false);
    for (const each of [nas, attic]) await notHeard(each, desk);
    const answer = await desk.ask('device', 'remove', 'nas', '--reason', 'stolen', '--keep-added', '--yes');
    expect(answer).toMatchObject({ revoked: [keyOf(nas)], notHeard: [keyOf(attic)] });
    await switchOff(attic, desk);
    await Promise.all([attic.restart(), desk.restart()]);
    await until('the attic drops it', async () => (await stateOf(attic, nas)) === 'revoked');
    await notHeard(attic, nas);
    expect(await recover(desk, recoveryCode, 'desk', 'attic')).toMatchObject({ code: 0, json: { epoch: 2 } });
    await meeting(desk, attic);
    fs.writeFileSync(fileOn(deskHost, 'at last'), 'at last');
    await until('the attic follows the desk', () => textOn(atticHost, 'at last') === 'at last');
    expect(textOn(nasHost, 'at last')).toBeUndefined();
    expect([await stateOf(desk, nas), await stateOf(attic, nas)]).toEqual(['revoked', 'revoked']);
    for (const each of [desk, attic]) for (const other of [nas, laptop]) await notHeard(each, other);
    await until('the nas knows', async () => (await isActive(nas)) === false);
    await switchOff(...devices);
  });
});
