import fs from 'node:fs';
import path from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../harness/command.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { type BareDebian, makeBareDebian } from './bare-debian.ts';
import { type DesktopSession, openSession } from './desktop-session.ts';
import { askPage } from './devtools.ts';

const { LOCKSTEP_DEB: file = '', LOCKSTEP_DEB_PLACE: place } = process.env;
const program = 'usr/lib/lockstep/lockstep';
const data = 'home/tester/.config/Lockstep';

/** LIMIT: what making a system, fetching packages and a first start take at most on a slow line and a busy machine. */
const patienceMs = 30 * 60_000;
const startMs = 120_000;

describe.skipIf(place === undefined)(
  'the Debian package on a bare Debian 12',
  { timeout: patienceMs },
  () => {
    let debian: BareDebian;
    let installed: Map<string, string>;
    let session: DesktopSession | undefined;

    beforeAll(() => {
      debian = makeBareDebian(path.join(place ?? '', 'root'));
      fs.copyFileSync(file, debian.at('var/tmp/lockstep.deb'));
      debian.run('apt-get', 'update');
    }, patienceMs);
    afterAll(() => session?.close());

    test('is installed with what it depends on, without a question', () => {
      debian.run('apt-get', 'install', '-y', '--no-install-recommends', '/var/tmp/lockstep.deb');
      installed = debian.files();
      expect(installed.has(`/${program}`)).toBe(true);
    });

    test('brings every library that its native code asks for', () => {
      const native = [...installed.keys()].filter(
        (name) => name.startsWith('/usr/lib/lockstep/') && isNative(debian.at(name)),
      );
      expect(native).toContain(`/${program}`);
      expect(native.filter((name) => name.endsWith('.node'))).not.toEqual([]);
      const missing = native.flatMap((name) =>
        debian
          .run('ldd', name)
          .split('\n')
          .filter((line) => line.includes('not found'))
          .map((line) => `${name}:${line}`),
      );
      expect(missing).toEqual([]);
    });

    test('is all root’s and readable by everybody, with one program that runs as root', () => {
      const own = debian
        .run('dpkg', '-L', 'lockstep')
        .trim()
        .split('\n')
        .filter((name) => name !== '/.');
      const kinds = new Map<string, string[]>();
      for (const name of own) {
        const stat = fs.lstatSync(debian.at(name));
        const kind = `${stat.uid} ${(stat.mode & 0o7777).toString(8)} ${stat.isDirectory() ? 'directory' : 'file'}`;
        kinds.set(kind, [...(kinds.get(kind) ?? []), path.basename(name)]);
      }
      expect([...kinds.keys()].sort()).toEqual([
        '0 4755 file',
        '0 644 file',
        '0 755 directory',
        '0 755 file',
      ]);
      expect(kinds.get('0 4755 file')).toEqual(['chrome-sandbox']);
      expect(kinds.get('0 755 file')?.sort()).toEqual([
        'chrome_crashpad_handler',
        'lockstep',
        'lockstep-app',
      ]);
    });

    test('has an entry for menus whose program and icon are there', () => {
      const entry = fs.readFileSync(debian.at('usr/share/applications/lockstep.desktop'), 'utf8');
      expect(/^Exec=(.*)$/m.exec(entry)?.[1]).toBe(`/${program}`);
      const icon = /^Icon=(.*)$/m.exec(entry)?.[1];
      expect(installed.has(`/usr/share/icons/hicolor/512x512/apps/${icon}.png`)).toBe(true);
    });

    test('[A40] lets nobody into its main process', async () => {
      const wire = await getCurrentFuseWire(debian.at(program));
      expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(FuseState.DISABLE);
      expect(wire[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
      expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.ENABLE);
    });

    test('is started by an ordinary user, whose page is drawn in the sandbox and whose engine answers the command', async () => {
      session = await openSession(debian, place ?? '');
      const app = session.start(
        'lockstep-app',
        '--key=plain',
        '--no-discovery',
        '--listen=/ip4/127.0.0.1/tcp/0',
        '--disable-gpu',
        '--remote-debugging-port=0',
      );
      const page = await app.during(
        waitUntil(
          'the first steps are drawn',
          () => askPage(app.said(), `document.querySelector('h1') !== null && document.title`),
          startMs,
        ),
      );
      expect(page).toBe('Lockstep');
      const renderers = processes().filter(({ commandLine }) => commandLine.includes('--type=renderer'));
      expect(renderers).not.toEqual([]);
      for (const { status } of renderers) expect(status).toMatch(/^Seccomp:\t2$/m);
      const answer = await app.during(
        waitUntil(
          'the engine answers',
          async () => {
            const asked = await runCommand(['--home', debian.at(`${data}/home`), 'status', '--json']);
            return asked.code === 0 && asked.json;
          },
          startMs,
        ),
      );
      expect(answer).toMatchObject({ state: 'offline', peers: [], folders: [] });
      expect(await app.end()).toBe(0);
      await waitUntil('all its processes have ended', () => processes().length === 0);
    });

    test('has written nowhere but in that user’s home', () => {
      const now = debian.files();
      expect([...now].filter(([name, facts]) => installed.get(name) !== facts)).toEqual([]);
      expect(fs.existsSync(debian.at(`${data}/home`))).toBe(true);
    });

    test('leaves nothing when it is removed but what is in homes', () => {
      const own = debian.run('dpkg', '-L', 'lockstep').trim().split('\n');
      debian.run('apt-get', 'remove', '-y', 'lockstep');
      const left = debian.files();
      const isOwn = (name: string): boolean => own.includes(name);
      // What apt and dpkg keep for themselves, and what the icons' own package makes as long as there are icons.
      const isKept = (name: string): boolean =>
        /^\/var\/(log|cache|lib\/(apt|dpkg))(\/|$)|^\/usr\/share\/icons\/hicolor\/icon-theme\.cache$/.test(
          name,
        );
      const added = [...left.keys()].filter((name) => !installed.has(name) && !isKept(name));
      const taken = [...installed.keys()].filter((name) => !left.has(name) && !isKept(name));
      expect({ added, takenOfOthers: taken.filter((name) => !isOwn(name)) }).toEqual({
        added: [],
        takenOfOthers: [],
      });
      expect(
        [...left.keys()].filter((name) => /lockstep/i.test(name) && name !== '/var/tmp/lockstep.deb'),
      ).toEqual([]);
      expect(fs.existsSync(debian.at(`${data}/home`))).toBe(true);
    });

    test('has no error by Debian’s own rules', () => {
      debian.run('apt-get', 'install', '-y', '--no-install-recommends', 'lintian');
      const found = debian.run(
        'runuser',
        '-u',
        'tester',
        '--',
        'lintian',
        '--fail-on',
        'none',
        '/var/tmp/lockstep.deb',
      );
      expect(found.split('\n').filter((line) => line.startsWith('E:'))).toEqual([]);
    });
  },
);

/** Whether a file is machine code for Linux. */
function isNative(diskPath: string): boolean {
  return fs.statSync(diskPath).isFile() && fs.readFileSync(diskPath).subarray(0, 4).toString() === '\x7fELF';
}

/** Every process of the installed program. */
function processes(): { readonly commandLine: string; readonly status: string }[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const commandLine = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
        return commandLine.startsWith('/usr/lib/lockstep/') ? [{ commandLine, status }] : [];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}
