// What the tests need from the system besides Node, and how to get it on Debian and its kin.
//   node build/system-packages.mjs [cli] [hosts] [faults] [bench] [disks] [deb] [electron]
// Uses Node's own modules only, and nothing newer than Node 18: it may run before anything else is installed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Packages by the kind of test that needs them; `command`, `library` or `file` (any of its places) shows that one is there.
 * @type {Record<string, readonly { name: string, command?: string, library?: string, file?: string | readonly string[] }[]>}
 */
const packages = {
  cli: [
    { name: 'dbus', command: 'dbus-daemon' },
    { name: 'dbus-bin', command: 'dbus-send' },
    { name: 'gnome-keyring', command: 'gnome-keyring-daemon' },
  ],
  hosts: [
    { name: 'iproute2', command: 'ip' },
    { name: 'nftables', command: 'nft' },
  ],
  bench: [
    { name: 'rsync', command: 'rsync' },
    { name: 'unison', command: 'unison' },
    { name: 'syncthing', command: 'syncthing' },
    { name: 'gcc', command: 'gcc' },
    { name: 'libc6-dev', file: '/usr/include/stdio.h' },
  ],
  faults: [
    { name: 'gcc', command: 'gcc' },
    { name: 'libc6-dev', file: '/usr/include/stdio.h' },
    {
      name: 'faketime',
      file: [
        '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
        '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
      ],
    },
    { name: 'e2fsprogs', command: 'mkfs.ext4' },
    { name: 'xfsprogs', command: 'mkfs.xfs' },
  ],
  disks: [
    { name: 'e2fsprogs', command: 'mkfs.ext4' },
    { name: 'btrfs-progs', command: 'mkfs.btrfs' },
    { name: 'xfsprogs', command: 'mkfs.xfs' },
    { name: 'exfatprogs', command: 'mkfs.exfat' },
    { name: 'exfat-fuse', command: 'mount.exfat-fuse' },
    { name: 'ntfs-3g', command: 'ntfs-3g' },
  ],
  deb: [
    { name: 'debootstrap', command: 'debootstrap' },
    { name: 'xvfb', command: 'Xvfb' },
    { name: 'dbus', command: 'dbus-daemon' },
  ],
  electron: [
    { name: 'libgtk-3-0', library: 'libgtk-3.so.0' },
    { name: 'libnotify4', library: 'libnotify.so.4' },
    { name: 'libnss3', library: 'libnss3.so' },
    { name: 'libasound2', library: 'libasound.so.2' },
    { name: 'libgbm1', library: 'libgbm.so.1' },
    { name: 'xvfb', command: 'Xvfb' },
    { name: 'xauth', command: 'xauth' },
    { name: 'dbus', command: 'dbus-run-session' },
    { name: 'dbus-bin', command: 'dbus-send' },
    { name: 'gnome-keyring', command: 'gnome-keyring-daemon' },
    { name: 'libsecret-1-0', library: 'libsecret-1.so.0' },
    { name: 'fonts-dejavu-core', file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
    { name: 'fonts-wqy-microhei', file: '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc' },
  ],
};

const commandFolders = [...(process.env.PATH || '').split(path.delimiter), '/usr/sbin', '/sbin'];
const libraryFolders = [
  '/usr/lib',
  '/usr/lib64',
  '/lib',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
];

/** @param {{ command?: string, library?: string, file?: string | readonly string[] }} sign */
function isThere({ command, library, file }) {
  /** @param {readonly string[]} folders @param {string} name */
  const inOneOf = (folders, name) =>
    folders.some((folder) => folder !== '' && fs.existsSync(path.join(folder, name)));
  if (command !== undefined) return inOneOf(commandFolders, command);
  if (library !== undefined) return inOneOf(libraryFolders, library);
  return file === undefined || [file].flat().some((place) => fs.existsSync(place));
}

/**
 * The packages these kinds of test need and this system lacks; none outside Linux.
 * @param {readonly string[]} kinds
 */
export function missingPackages(kinds) {
  if (process.platform !== 'linux') return [];
  const missing = kinds.flatMap((kind) => (packages[kind] || []).filter((item) => !isThere(item)));
  return [...new Set(missing.map((item) => item.name))];
}

/** @param {readonly string[]} names */
export function aptLine(names) {
  return `apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

/**
 * Installs what is missing where that is possible (root, apt-get); otherwise says the one line that would.
 * @param {readonly string[]} kinds
 * @returns {boolean} whether everything is there now
 */
export function ensurePackages(kinds) {
  const missing = missingPackages(kinds);
  if (missing.length === 0) return true;
  const isRoot = typeof process.getuid === 'function' && process.getuid() === 0;
  if (!isRoot || !isThere({ command: 'apt-get' })) {
    console.error(
      `missing on this system: ${missing.join(', ')}. On Debian and Ubuntu:\n  sudo ${aptLine(missing)}`,
    );
    return false;
  }
  console.error(`installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const line of ['apt-get update -qq', `${aptLine(missing)} -qq`]) {
    const [program = '', ...args] = line.split(' ');
    const { status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (status !== 0) {
      console.error(`failed: ${line}`);
      return false;
    }
  }
  const still = missingPackages(kinds);
  if (still.length > 0) console.error(`still missing after the installation: ${still.join(', ')}`);
  return still.length === 0;
}

if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const kinds = process.argv.slice(2);
  if (!ensurePackages(kinds.length > 0 ? kinds : Object.keys(packages))) process.exitCode = 1;
}
