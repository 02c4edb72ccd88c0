import fs from 'node:fs';
import path from 'node:path';
import { getRawHeader } from '@electron/asar';
import { expect, test } from '@playwright/test';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { launchApp } from './launch-app.ts';

const packed = process.env.LOCKSTEP_APP ?? '';

test.skip(packed === '', 'only a packed program has its fuses set: npm run test:packaged');

test('[A40] the packed program runs nothing but its own archive, and is no Node for others', async () => {
  const wire = await getCurrentFuseWire(packed);
  const on = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE;
  expect({
    runAsNode: on(FuseV1Options.RunAsNode),
    nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    fileProtocol: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
    ownSnapshot: on(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
    sealedArchive: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    archiveOnly: on(FuseV1Options.OnlyLoadAppFromAsar),
    sealedCookies: on(FuseV1Options.EnableCookieEncryption),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    fileProtocol: false,
    ownSnapshot: false,
    sealedArchive: true,
    archiveOnly: true,
    sealedCookies: true,
  });
});

test('[A40] a packed program that is told to be Node, or to load a file first, is the app all the same', async () => {
  const preload = path.join(import.meta.dirname, 'no-such-file.cjs');
  const app = await launchApp({
    env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${preload}` },
  });
  try {
    await expect(app.page.getByRole('navigation')).toBeVisible();
  } finally {
    await app.close();
  }
});

test('the packed program holds what it runs by and the licences of it, and nothing of another system', () => {
  const resources = path.join(path.dirname(packed), 'resources');
  expect(fs.readdirSync(resources).sort()).toEqual(['app.asar', 'app.asar.unpacked']);
  const files = filesInArchive(path.join(resources, 'app.asar'));
  const own = /^(package\.json|out\/(main|preload|engine|renderer|icons)\/[^/].*)$/;
  const licence = /\/[^/]*(licen[cs]e|notice|copyright|authors)[^/]*$/i;
  const foreign = files.filter((file) => !file.startsWith('node_modules/') && !own.test(file));
  const unused = files.filter(
    (file) =>
      file.endsWith('.map') ||
      (!own.test(file) && !/\.(js|cjs|mjs|json|node|wasm)$/.test(file) && !licence.test(file)),
  );
  const native = files.filter((file) => file.endsWith('.node'));
  const target = new RegExp(`(^|[-_/])(${process.platform}[-_/]${process.arch})([-_./]|$)`);
  expect({
    foreign,
    unused,
    nativeOfOthers: native.filter((file) => !target.test(file) || file.includes('musl')),
  }).toEqual({
    foreign: [],
    unused: [],
    nativeOfOthers: [],
  });
  expect(native.map((file) => path.basename(file)).sort()).toEqual([
    '@photostructure+sqlite.glibc.node',
    'keyring.linux-x64-gnu.node',
    'koffi.node',
    'sodium-native.node',
  ]);
  const react = files.filter((file) => file.startsWith('node_modules/react/'));
  expect(react, 'what the window’s bundle was made of').toEqual(['node_modules/react/LICENSE']);
});

type Listed = ReturnType<typeof getRawHeader>['header'] | { readonly size: number };

/** Every file that an archive tells of, those beside it too. */
function filesInArchive(archive: string): string[] {
  const below = (listed: Listed, at: string): string[] =>
    'files' in listed
      ? Object.entries(listed.files).flatMap(([name, inside]) =>
          below(inside as Listed, at === '' ? name : `${at}/${name}`),
        )
      : [at];
  return below(getRawHeader(archive).header, '');
}
