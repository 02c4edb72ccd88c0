import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ConflictListing, HistoryVersion } from '../../core/engine/engine.ts';
import { type RunningDevice, waitUntil } from '../harness/harness.ts';
import { createLab, type Lab, type LabHost } from '../harness/lab.ts';
import {
  admit,
  comesTo,
  describeInLab,
  inStep,
  meeting,
  shareFolder,
  startOn,
  statusOf,
  switchOff,
  takeFolder,
} from '../harness/lab-group.ts';

interface Side {
  readonly host: LabHost;
  readonly device: RunningDevice;
  readonly folder: string;
}

function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The hashes of a conflict's versions, the one shown last. */
function versionHashes(conflict: ConflictListing | undefined): readonly (string | null)[] {
  return conflict?.versions.map(({ hash }) => hash).reverse() ?? [];
}

describeInLab('one file, changed on two hosts while apart', () => {
  let lab: Lab | undefined;
  const devices: RunningDevice[] = [];

  afterEach(async () => {
    await Promise.allSettled(devices.splice(0).map((device) => device.stop()));
    lab?.destroy();
  });

  async function three(): Promise<readonly [Side, Side, Side]> {
    lab = createLab(['laptop', 'desktop', 'archive']);
    const sides: Side[] = [];
    for (const host of lab.hosts) {
      const folder = path.join(host.directory, 'folder');
      fs.mkdirSync(folder);
      const device = await startOn(host);
      devices.push(device);
      sides.push({ host, device, folder });
    }
    const [laptop, desktop, archive] = sides as [Side, Side, Side];
    fs.writeFileSync(path.join(laptop.folder, 'letter.txt'), 'Dear all\n');
    const id = await shareFolder(laptop.device, laptop.folder, 'letters');
    for (const { device, folder } of [desktop, archive]) {
      await admit(laptop.device, device);
      await takeFolder(device, id, folder);
    }
    await meeting(...devices);
    await inStep(...devices);
    return [laptop, desktop, archive];
  }

  /** Saves the file on a host that runs alone. */
  async function saveAlone({ device, folder }: Side, text: string): Promise<void> {
    await device.restart();
    fs.writeFileSync(path.join(folder, 'letter.txt'), text);
    await waitUntil('the change is noticed', async () =>
      (await device.ask<readonly HistoryVersion[]>('history', path.join(folder, 'letter.txt'))).some(
        ({ current }) => !current,
      ),
    );
    await device.ask('wait', '--timeout', '60');
    await switchOff(device);
  }

  const shown = ({ folder }: Side): string => fs.readFileSync(path.join(folder, 'letter.txt'), 'utf8');
  const conflictsOf = ({ device }: Side): Promise<readonly ConflictListing[]> =>
    device.ask('conflict', 'list');

  test('is one conflict on all three; settled on the third it is settled everywhere, and undo brings it back', async () => {
    const sides = await three();
    const [laptop, desktop, archive] = sides;
    await switchOff(...devices);
    const texts = ['Dear all, from the laptop\n', 'Dear all, from the desktop\n'] as const;
    await saveAlone(laptop, texts[0]);
    await saveAlone(desktop, texts[1]);
    await Promise.all(devices.map((device) => device.restart()));
    await meeting(...devices);

    const hashes = texts.map(hashOf);
    const [conflict] = await waitUntil('the third lists the conflict', async () => {
      const conflicts = await conflictsOf(archive);
      return conflicts.length > 0 && conflicts;
    });
    const { versions } = conflict as ConflictListing;
    expect(versionHashes(conflict)).toEqual(hashes);
    // The later one wins.
    expect(versions.map(({ device, winner }) => ({ device, winner }))).toEqual([
      { device: desktop.device.ready().deviceKey, winner: true },
      { device: laptop.device.ready().deviceKey, winner: false },
    ]);
    const withoutPlace = (listing: ConflictListing): unknown => ({
      ...listing,
      versions: listing.versions.map(({ here: _, ...version }) => version),
    });
    for (const side of sides) {
      await comesTo(`${side.host.name} shows the winner`, () => shown(side), texts[1]);
      await waitUntil(
        `${side.host.name} lists the conflict`,
        async () => (await conflictsOf(side)).length > 0,
      );
      expect((await conflictsOf(side)).map(withoutPlace)).toEqual([
        withoutPlace(conflict as ConflictListing),
      ]);
      expect((await statusOf(side.device)).folders).toMatchObject([{ conflicts: 1 }]);
    }

    for (const side of sides) {
      for (const { version, hash } of versions) {
        const place = path.join(side.folder, `${hash?.slice(0, 8)} by ${side.host.name}`);
        await side.device.ask(
          'restore',
          path.join(side.folder, 'letter.txt'),
          '--version',
          version,
          '--to',
          place,
        );
        await waitUntil('it is brought back', () => fs.existsSync(place));
        expect(hashOf(fs.readFileSync(place))).toBe(hash);
      }
    }

    const loser = versions.find(({ winner }) => !winner);
    const { undoId } = await archive.device.ask<{ undoId: string }>(
      'conflict',
      'resolve',
      conflict?.id ?? '',
      '--keep',
      loser?.version ?? '',
    );
    for (const side of sides) {
      await comesTo(`${side.host.name} shows what was chosen`, () => shown(side), texts[0]);
      await waitUntil(
        `${side.host.name} has no conflict`,
        async () => (await conflictsOf(side)).length === 0,
      );
    }
    await inStep(...devices);

    await archive.device.ask('undo', undoId);
    for (const side of sides) {
      await comesTo(`${side.host.name} shows the winner again`, () => shown(side), texts[1]);
      const [again] = await waitUntil(`${side.host.name} lists the conflict again`, async () => {
        const conflicts = await conflictsOf(side);
        return conflicts.length > 0 && conflicts;
      });
      expect(versionHashes(again)).toEqual(hashes);
    }
    await inStep(...devices);
  });
});
