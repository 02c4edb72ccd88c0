import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inStep } from '../harness/lab-group.ts';
import { diskKinds, whyNoDisk, whyNoPrograms } from './disk-kinds.ts';
import { type DiskPair, startPair } from './disk-pair.ts';

/** Starts a program as this user, but bound by owners and modes as anybody else is. */
const bounded = [
  'setpriv',
  '--bounding-set',
  '-dac_override,-dac_read_search,-fowner,-chown',
  '--inh-caps',
  '-dac_override,-dac_read_search,-fowner,-chown',
] as const;

/** Somebody else. */
const stranger = 65_123;

const [ext4] = diskKinds.filter(({ name }) => name === 'ext4');
const reason = ext4 === undefined ? 'no ext4' : (whyNoPrograms(['setpriv']) ?? whyNoDisk(ext4));

describe(`owners and modes${reason === undefined ? '' : ` (${reason})`}`, () => {
  describe.skipIf(reason !== undefined)('where the device is bound by them', () => {
    let started: DiskPair | undefined;
    const pair = (): DiskPair => {
      if (started === undefined) throw new Error('the devices did not start');
      return started;
    };
    beforeAll(async () => {
      if (ext4 !== undefined) started = await startPair(ext4, { wrapFar: bounded });
    });
    afterAll(async () => {
      await started?.stop();
    });

    test('a read-only file is brought up to date and stays read-only', async () => {
      const { spot, lost } = pair();
      const here = await spot('read-only file');
      fs.writeFileSync(path.join(here.near, 'file'), 'first of the read-only');
      await here.bothShow({ file: 'first of the read-only' });
      fs.chmodSync(path.join(here.far, 'file'), 0o444);
      fs.writeFileSync(path.join(here.near, 'file'), 'second of the read-only');
      await here.bothShow({ file: 'second of the read-only' });
      expect(fs.statSync(path.join(here.far, 'file')).mode & 0o777).toBe(0o444);
      fs.rmSync(path.join(here.near, 'file'));
      await here.bothShow({});
      expect(await lost()).toEqual([]);
    });

    test('a read-only directory keeps what is in it, is listed, keeps nothing else back, and is brought up to date when it may', async () => {
      const { far, spot, lost } = pair();
      const here = await spot('read-only directory');
      fs.mkdirSync(path.join(here.near, 'dir'));
      for (const name of ['edited', 'deleted'])
        fs.writeFileSync(path.join(here.near, 'dir', name), `first ${name} in it`);
      await here.bothShow({
        dir: '/',
        'dir/edited': 'first edited in it',
        'dir/deleted': 'first deleted in it',
      });
      fs.chmodSync(path.join(here.far, 'dir'), 0o555);
      fs.writeFileSync(path.join(here.near, 'dir', 'edited'), 'second edited in it');
      fs.writeFileSync(path.join(here.near, 'dir', 'new'), 'new in it');
      fs.rmSync(path.join(here.near, 'dir', 'deleted'));
      fs.writeFileSync(path.join(here.near, 'beside'), 'beside');
      await here.show({
        near: { dir: '/', 'dir/edited': 'second edited in it', 'dir/new': 'new in it', beside: 'beside' },
        far: {
          dir: '/',
          'dir/edited': 'first edited in it',
          'dir/deleted': 'first deleted in it',
          beside: 'beside',
        },
      });
      await here.lists(far, {
        'dir/edited': 'unwritable',
        'dir/new': 'unwritable',
        'dir/deleted': 'unwritable',
      });
      fs.chmodSync(path.join(here.far, 'dir'), 0o755);
      await here.bothShow({
        dir: '/',
        'dir/edited': 'second edited in it',
        'dir/new': 'new in it',
        beside: 'beside',
      });
      await here.lists(far, {});
      expect(await lost()).toEqual([]);
    });

    test('what belongs to somebody else and cannot be read is listed, is no deletion, is not replaced, and goes on when it can', async () => {
      const { far, spot, lost } = pair();
      const here = await spot('unreadable');
      fs.writeFileSync(path.join(here.near, 'file'), 'a file of both');
      const all = { file: 'a file of both', beside: 'beside' };
      await here.bothShow({ file: 'a file of both' });
      fs.writeFileSync(path.join(here.far, 'mine'), 'of the stranger alone', { mode: 0o600 });
      for (const name of ['file', 'mine']) {
        fs.chownSync(path.join(here.far, name), stranger, stranger);
        fs.chmodSync(path.join(here.far, name), 0o600);
      }
      fs.writeFileSync(path.join(here.near, 'beside'), 'beside');
      await here.lists(far, { file: 'unreadable', mine: 'unreadable' });
      expect(fs.existsSync(path.join(here.near, 'file'))).toBe(true);
      for (const name of ['file', 'mine']) fs.chownSync(path.join(here.far, name), 0, 0);
      await here.bothShow({ ...all, mine: 'of the stranger alone' });
      await here.lists(far, {});
      expect(await lost()).toEqual([]);
    });

    test('a file of somebody else in a directory where each removes only their own is listed as one that cannot be changed', async () => {
      const { far, spot, lost } = pair();
      const here = await spot('sticky');
      fs.mkdirSync(path.join(here.near, 'dir'));
      fs.writeFileSync(path.join(here.near, 'dir', 'theirs'), 'first of theirs');
      await here.bothShow({ dir: '/', 'dir/theirs': 'first of theirs' });
      for (const inner of ['dir', 'dir/theirs']) fs.chownSync(path.join(here.far, inner), stranger, stranger);
      fs.chmodSync(path.join(here.far, 'dir'), 0o1777);
      fs.writeFileSync(path.join(here.near, 'dir', 'theirs'), 'second of theirs');
      fs.writeFileSync(path.join(here.near, 'dir', 'beside'), 'beside');
      await here.show({
        near: { dir: '/', 'dir/theirs': 'second of theirs', 'dir/beside': 'beside' },
        far: { dir: '/', 'dir/theirs': 'first of theirs', 'dir/beside': 'beside' },
      });
      await here.lists(far, { 'dir/theirs': 'unwritable' });
      for (const inner of ['dir', 'dir/theirs']) fs.chownSync(path.join(here.far, inner), 0, 0);
      await here.bothShow({ dir: '/', 'dir/theirs': 'second of theirs', 'dir/beside': 'beside' });
      await here.lists(far, {});
      expect(await lost()).toEqual([]);
    });

    test('in the end both are in step', async () => {
      const { near, far } = pair();
      await inStep(near.device, far.device);
      expect(await pair().lost()).toEqual([]);
    });
  });
});
