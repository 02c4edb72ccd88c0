import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, errors, expect, type Page } from '@playwright/test';
import { waitUntil } from '../harness/harness.ts';

const checkout = path.resolve(import.meta.dirname, '../..');

/** The real app with a data folder of its own. */
export interface RunningApp {
  readonly electron: ElectronApplication;
  /** What started it. */
  readonly commandLine: readonly string[];
  /** The window's page, drawn; there is none in an app that was started hidden. */
  readonly page: Page;
  readonly home: string;
  /** What the page's content policy has refused. */
  readonly refused: readonly string[];
  /** The main process's own question that is open, or comes next. */
  question(): Promise<Page>;
  /** Makes the next directory dialog choose `directory`, as a person would. */
  willChoose(directory: string): Promise<void>;
  /** Starts the app a second time, as a person does who sees nothing of it, and resolves to what that ended with. */
  startAgain(): Promise<number | null>;
  /** The engine's own process; rejects while there is none. */
  enginePid(): Promise<number>;
  /** Quits the app and removes its data; fails if the page's own content policy refused something meanwhile. */
  close(): Promise<void>;
}

/** How to start the app. */
export interface AppSetup {
  /** Into the tray only. */
  readonly hidden?: boolean;
  /** As for the very first time, with its first steps. */
  readonly isFirst?: boolean;
  /** In these colours rather than those of the system. */
  readonly colours?: 'light' | 'dark';
  /** `ask`: as a person starts it, who is asked where the key is to be kept; in a plain file if not given. */
  readonly key?: 'ask' | 'plain';
  /** A data folder of the test's own, which stays. */
  readonly data?: string;
  /** The test itself tries what the content policy refuses. */
  readonly isAttacked?: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** LIMIT: an app takes a few seconds to start, on a busy machine ten. */
const launchTimeoutMs = 60_000;

/** Starts the app from this checkout, or the packed program that LOCKSTEP_APP names; its device listens on the loopback address only. */
export async function launchApp(options: AppSetup = {}): Promise<RunningApp> {
  const data = options.data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-app-'));
  fs.mkdirSync(data, { recursive: true });
  const settings = path.join(data, 'app.json');
  if (options.isFirst !== true && !fs.existsSync(settings)) fs.writeFileSync(settings, '{"isSetUp":true}');
  const packed = process.env.LOCKSTEP_APP;
  const runtime = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '';
  const isRoot = process.getuid?.() === 0;
  const args = [
    ...(packed === undefined ? [checkout] : []),
    `--data=${data}`,
    '--listen=/ip4/127.0.0.1/tcp/0',
    '--no-discovery',
    '--disable-gpu',
    ...(options.hidden === true ? ['--hidden'] : []),
    ...(isRoot ? ['--no-sandbox'] : []),
    ...(options.key === 'ask' ? [] : ['--key=plain']),
    ...(options.args ?? []),
  ];
  const program = packed ?? path.join(runtime, 'electron');
  const launch = (): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: program,
      args,
      colorScheme: options.colours ?? null,
      chromiumSandbox: !isRoot,
      timeout: launchTimeoutMs,
      ...(options.env === undefined ? {} : { env: { ...ownEnvironment(), ...options.env } }),
    });
  // RACE: now and then Playwright misses that Electron is ready, with the app up and waiting; it has killed that one by then. The app itself
  // has not been asked anything yet.
  const electron = await launch().catch(async (error: unknown) => {
    if (!(error instanceof errors.TimeoutError)) throw error;
    process.stderr.write('Playwright did not come to the app; launching it once more.\n');
    await waitUntil('the engine of the one that was killed has ended', () => !isAnybodyAt(data));
    return launch();
  });
  electron.process().stderr?.on('data', (text: Buffer) => {
    if (process.env.LOCKSTEP_SHOW_LOG !== undefined) process.stderr.write(text);
  });
  const refused: string[] = [];
  const watch = (page: Page): Page =>
    page
      .on('pageerror', (error) => void process.stderr.write(`the page failed: ${error.stack ?? error}\n`))
      .on('console', (message) => {
        if (/Content Security Policy|Trusted Type/i.test(message.text())) refused.push(message.text());
      });
  const first = options.hidden === true ? undefined : watch(await electron.firstWindow());
  await (options.isFirst === true
    ? first?.getByRole('heading', { level: 1 })
    : first?.getByRole('navigation')
  )?.waitFor();
  return {
    electron,
    commandLine: [program, ...args],
    get page() {
      if (first === undefined) throw new Error('this app was started without a window');
      return first;
    },
    home: path.join(data, 'home'),
    refused,
    question: () =>
      waitUntil('the main process asks', async () => {
        const asking = electron.windows().find((page) => page.url().startsWith('app://ask/'));
        await asking?.getByRole('heading', { level: 1 }).waitFor();
        return asking === undefined ? undefined : watch(asking);
      }),
    willChoose: (directory) =>
      electron.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, directory),
    startAgain: () => new Promise((resolve) => spawn(program, args, { stdio: 'ignore' }).on('exit', resolve)),
    enginePid: () =>
      waitUntil('the engine runs', () =>
        electron.evaluate(
          ({ app }) =>
            app
              .getAppMetrics()
              .find(({ name, serviceName }) => [name, serviceName].includes('Lockstep engine'))?.pid,
        ),
      ),
    async close() {
      await electron.close();
      if (options.data === undefined) fs.rmSync(data, { recursive: true, force: true });
      if (options.isAttacked !== true) expect(refused, 'refused by the page’s policy').toEqual([]);
    },
  };
}

/** Whether a process was told of this directory; only Linux tells. */
function isAnybodyAt(directory: string): boolean {
  const pids =
    process.platform === 'linux' ? fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.some((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}
