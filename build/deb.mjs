import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project-files.mjs';
import { runStep } from './run-step.mjs';

/**
 * Makes dist/lockstep_VERSION_amd64.deb of dist/linux-unpacked with dpkg-deb alone. Throws if that fails.
 */
export async function makeDebianPackage() {
  const { version, description } = JSON.parse(
    fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8'),
  );
  const dist = path.join(projectRoot, 'dist');
  const tree = path.join(dist, 'deb');
  fs.rmSync(tree, { recursive: true, force: true });
  /** @param {string} file @param {string} text @param {number} [mode] */
  const write = (file, text, mode = 0o644) => {
    fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    fs.writeFileSync(path.join(tree, file), text, { mode });
  };
  fs.cpSync(path.join(dist, 'linux-unpacked'), path.join(tree, 'opt/Lockstep'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const icons = path.join(tree, 'usr/share/icons/hicolor/512x512/apps');
  fs.mkdirSync(icons, { recursive: true });
  fs.copyFileSync(path.join(projectRoot, 'out/icons/app.png'), path.join(icons, 'lockstep.png'));
  write('usr/bin/lockstep-app', '#!/bin/sh\nexec /opt/Lockstep/lockstep "$@"\n', 0o755);
  write(
    'usr/share/applications/lockstep.desktop',
    `[Desktop Entry]
Type=Application
Name=Lockstep
Comment=${description}
Exec=/opt/Lockstep/lockstep
Icon=lockstep
Categories=Utility;Network;FileTransfer;
StartupWMClass=Lockstep
`,
  );
  write(
    'DEBIAN/control',
    `Package: lockstep
Version: ${version}
Architecture: amd64
Maintainer: The Lockstep authors <lockstep@example.invalid>
Depends: libgtk-3-0 | libgtk-3-0t64, libnss3, libasound2 | libasound2t64, libgbm1
Recommends: libsecret-1-0, libnotify4, xdg-utils
Section: net
Priority: optional
Description: ${description}
`,
  );
  // The helper with the set-user-id bit is Chromium's way into a sandbox where the kernel allows no user namespaces.
  write('DEBIAN/postinst', '#!/bin/sh\nset -e\nchmod 4755 /opt/Lockstep/chrome-sandbox\n', 0o755);
  const file = path.join(dist, `lockstep_${version}_amd64.deb`);
  const { ok } = await runStep(['dpkg-deb', '--root-owner-group', '-Zxz', '-z1', '--build', tree, file]);
  if (!ok) throw new Error('dpkg-deb failed');
}
