import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from './project-files.mjs';
import { runStep } from './run-step.mjs';

const { version, description } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
const dist = path.join(projectRoot, 'dist');

/** The package of this version. */
export const debianPackage = path.join(dist, `lockstep_${version}_amd64.deb`);

/** Where the package puts the program. */
const programFolder = 'usr/lib/lockstep';
const maintainer = 'The Lockstep authors <lockstep@example.invalid>';

/** What Debian's own check would call errors and is meant so, with the reason. */
const lintianOverrides = `# Electron comes built, with what it is made of, and stays as its makers signed for it.
lockstep: embedded-library *
lockstep: unstripped-binary-or-object *
`;

/**
 * The files of the package besides the packed program, by path.
 * @param {Date} madeAt
 * @returns {Record<string, string | Buffer>}
 */
function smallFiles(madeAt) {
  const licence = fs.readFileSync(path.join(projectRoot, 'LICENSE'), 'utf8');
  return {
    'usr/bin/lockstep-app': `#!/bin/sh\nexec /${programFolder}/lockstep "$@"\n`,
    'usr/share/applications/lockstep.desktop': `[Desktop Entry]
Type=Application
Name=Lockstep
Comment=${description}
Exec=/${programFolder}/lockstep
Icon=lockstep
Categories=Utility;Network;FileTransfer;
StartupWMClass=Lockstep
`,
    'usr/share/icons/hicolor/512x512/apps/lockstep.png': fs.readFileSync(
      path.join(projectRoot, 'out/icons/app.png'),
    ),
    'usr/share/doc/lockstep/copyright': `${licence}
The program is built on Electron and Chromium, whose licences are /${programFolder}/LICENSE.electron.txt
and /${programFolder}/LICENSES.chromium.html. Those of the other packages in it stand beside their code
in /${programFolder}/resources/app.asar.
`,
    'usr/share/doc/lockstep/changelog.gz': gzipSync(
      `lockstep (${version}) stable; urgency=medium

  * Version ${version}.

 -- ${maintainer}  ${madeAt.toUTCString().replace('GMT', '+0000')}
`,
      { level: 9 },
    ),
    'usr/share/lintian/overrides/lockstep': lintianOverrides,
  };
}

/**
 * What the package says of itself. The two libraries of C are as new as the newest call of the native code in it; libx11-xcb1 is loaded by
 * Chromium while it starts, and no other package that it depends on has to bring it.
 * @param {number} installedBytes
 */
const control = (installedBytes) => `Package: lockstep
Version: ${version}
Architecture: amd64
Maintainer: ${maintainer}
Installed-Size: ${Math.ceil(installedBytes / 1024)}
Depends: libc6 (>= 2.33), libstdc++6 (>= 9), libgtk-3-0 | libgtk-3-0t64, libnss3, libasound2 | libasound2t64, libgbm1, libx11-xcb1
Recommends: libsecret-1-0, libnotify4, xdg-utils, dbus-bin
Section: net
Priority: optional
Description: folders kept in step between your own devices
 ${description}.
 No server keeps the files. What is changed in two places at once is kept
 twice, and you choose.
`;

/** What of the package is run, by path. The helper is Chromium's way into a sandbox where the kernel allows no user namespaces. */
const programs = new Map([
  ['usr/bin/lockstep-app', 0o755],
  [`${programFolder}/lockstep`, 0o755],
  [`${programFolder}/chrome_crashpad_handler`, 0o755],
  [`${programFolder}/chrome-sandbox`, 0o4755],
]);

/**
 * Lets everybody use what stands in `tree`, whatever the umask of the user who packs; returns the bytes of its files.
 * @param {string} tree
 */
function settleModes(tree) {
  fs.chmodSync(tree, 0o755);
  let bytes = 0;
  for (const relative of fs.readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    const place = path.join(tree, relative);
    const stat = fs.statSync(place);
    fs.chmodSync(place, stat.isDirectory() ? 0o755 : (programs.get(relative) ?? 0o644));
    if (stat.isFile()) bytes += stat.size;
  }
  return bytes;
}

/** Makes {@link debianPackage} of dist/linux-unpacked with dpkg-deb alone. Throws if that fails. */
export async function makeDebianPackage() {
  const packed = path.join(dist, 'linux-unpacked');
  const tree = path.join(dist, 'deb');
  fs.rmSync(tree, { recursive: true, force: true });
  fs.cpSync(packed, path.join(tree, programFolder), { recursive: true });
  /** @param {string} file @param {string | Buffer} content */
  const write = (file, content) => {
    fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    fs.writeFileSync(path.join(tree, file), content);
  };
  const { mtime } = fs.statSync(path.join(packed, 'resources', 'app.asar'));
  for (const [file, content] of Object.entries(smallFiles(mtime))) write(file, content);
  write('DEBIAN/control', control(settleModes(tree)));
  settleModes(path.join(tree, 'DEBIAN'));
  const { ok } = await runStep(['dpkg-deb', '--root-owner-group', '-Zxz', '-z1', '-b', tree, debianPackage]);
  if (!ok) throw new Error('dpkg-deb failed');
}
