import path from 'node:path';
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
