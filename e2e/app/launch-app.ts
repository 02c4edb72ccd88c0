import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { waitUntil } from '../harness/harness.ts';

const checkout = path.resolve(import.meta.dirname, '../..');

/** The real app with a data folder of its own. */
export interface RunningApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly home: string;
  /** What the page's content policy has refused. */
  readonly refused: readonly string[];
  /** Makes the next directory dialog choose `directory`, as a person would. */
  willChoose(directory: string): Promise<void>;
  /** The engine's own process; rejects while there is none. */
  enginePid(): Promise<number>;
  /** Quits the app and removes its data. */
  close(): Promise<void>;
}

/** Starts the app from this checkout, or the packed program that LOCKSTEP_APP names; its device listens on the loopback address only. */
export async function launchApp(options: { readonly colours?: 'light' | 'dark' } = {}): Promise<RunningApp> {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-app-'));
  const packed = process.env.LOCKSTEP_APP;
  const runtime = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '';
  const isRoot = process.getuid?.() === 0;
  const args = [
    ...(packed === undefined ? [checkout] : []),
    `--data=${data}`,
    '--listen=/ip4/127.0.0.1/tcp/0',
    '--no-discovery',
    '--disable-gpu',
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
  const electron = await _electron.launch({
    executablePath: packed ?? path.join(runtime, 'electron'),
    args,
    colorScheme: options.colours ?? null,
    chromiumSandbox: !isRoot,
  });
  electron.process().stderr?.on('data', (text: Buffer) => {
    if (process.env.LOCKSTEP_SHOW_LOG !== undefined) process.stderr.write(text);
  });
  const refused: string[] = [];
  const page = await electron.firstWindow();
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted Type/i.test(message.text())) refused.push(message.text());
  });
  return {
    electron,
    page,
    home: path.join(data, 'home'),
    refused,
    willChoose: (directory) =>
      electron.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, directory),
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
      fs.rmSync(data, { recursive: true, force: true });
    },
  };
}
