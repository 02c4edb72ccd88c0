// Installs, starts and removes the Debian package on a bare Debian 12 that is made for it.
//   node build/test-deb.mjs [arguments of vitest]
// Needs root and a Debian mirror: Debian's own, or the one that LOCKSTEP_DEBIAN_MIRROR names. Everything is mounted and started in
// namespaces of its own, which end with their first process: nothing stays mounted or running, however this ends. The last line is that of `npm test`.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { debianPackage } from './deb.mjs';
import { projectRoot } from './project-files.mjs';
import { ensurePackages } from './system-packages.mjs';
import { countVitest, noTests, sayCounts, settleCounts } from './test-counts.mjs';

/** What every place of this test begins with; the next run removes those whose process is gone. */
const placePrefix = 'lockstep-deb-';

/** @param {string} place */
function removePlace(place) {
  if (fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(`${place}/`))
    throw new Error(`something is mounted below ${place}: it is left there`);
  fs.rmSync(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

function sweepPlaces() {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${placePrefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !fs.existsSync(`/proc/${pid}`)) removePlace(path.join(os.tmpdir(), name));
  }
}

/** @param {string} place @param {string} report */
function startTests(place, report) {
  // Whatever ends this process, or unshare, ends the first process in the namespaces, and with it all others.
  const namespaces = ['--pdeathsig', 'KILL', 'unshare', '--kill-child', '--fork', '--pid', '--mount-proc'];
  const args = [...namespaces, '--mount', '--propagation', 'private', process.execPath];
  const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const suite = ['run', '--config', 'e2e/vitest.config.ts', 'e2e/deb'];
  const reports = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
  return spawn('setpriv', [...args, vitest, ...suite, ...reports, ...process.argv.slice(2)], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, LOCKSTEP_DEB: debianPackage, LOCKSTEP_DEB_PLACE: place },
  });
}

/** Why this test cannot run here; undefined if it can. */
function whyNot() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the package is for 64-bit Intel Linux';
  if (process.getuid?.() !== 0) return 'making a Debian needs root';
  if (!fs.existsSync(debianPackage)) return `there is no ${debianPackage}: npm run dist -- --deb`;
  return ensurePackages(['deb']) ? undefined : 'packages are missing';
}

const why = whyNot();
if (why !== undefined) {
  console.error(why);
  console.log(sayCounts({ ...noTests, failed: 1 }));
  process.exit(1);
}
sweepPlaces();
const place = fs.mkdtempSync(path.join(os.tmpdir(), `${placePrefix}${process.pid}-`));
const report = path.join(place, 'report.json');
const tests = startTests(place, report);
/** @type {NodeJS.Signals | undefined} */
let stoppedBy;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stoppedBy = signal;
    tests.kill('SIGKILL');
  });
}
tests.on('close', (code) => {
  const counts = fs.existsSync(report) ? countVitest(JSON.parse(fs.readFileSync(report, 'utf8'))) : noTests;
  removePlace(place);
  if (stoppedBy !== undefined) process.exit(128 + os.constants.signals[stoppedBy]);
  const settled = settleCounts({ ok: code === 0, counts });
  console.log(sayCounts(settled));
  if (settled.failed > 0) process.exitCode = 1;
});
