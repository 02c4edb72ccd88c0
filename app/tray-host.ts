import { execFile } from 'node:child_process';

/** LIMIT: how long the desktop may take to answer. */
const answerMs = 3_000;
const watcher = 'org.kde.StatusNotifierWatcher';
const question = [
  '--session',
  '--print-reply=literal',
  `--dest=${watcher}`,
  '/StatusNotifierWatcher',
  'org.freedesktop.DBus.Properties.Get',
  `string:${watcher}`,
  'string:IsStatusNotifierHostRegistered',
];

/** Whether this desktop has a tray that shows icons of programs. Only Linux may have none, and it is asked over its session bus: one that cannot be asked has none. */
export function hasTrayHost(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: answerMs }, (error, answer) =>
      resolve(error === null && /\btrue\b/.test(answer)),
    );
  });
}
