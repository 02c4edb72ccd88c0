// The program around the engine: boot order, tray, window, and who may talk to whom. No sync work happens here.
// Order matters: the data folder before the single-instance lock (one lock for each), the scheme and the locale of pages before 'ready'. And never wait
// for 'ready' at the top level of an ES module: 'ready' waits for the module.
import { randomInt } from 'node:crypto';
import path from 'node:path';
import {
  app,
  clipboard,
  MessageChannelMain,
  powerMonitor,
  safeStorage,
  shell,
  type WebContents,
} from 'electron';
import { chooseLocale, createWords, type Words } from '../renderer/text/words.ts';
import { readAppOptions } from './app-options.ts';
import { openSettingsFile } from './app-settings.ts';
import { createAskWindow } from './ask-window.ts';
import { chooseDirectory } from './choose-directory.ts';
import { systemClock } from './clock.ts';
import { dropUnsaid } from './cli/output.ts';
import { errorToWire } from './control/wire.ts';
import { createEngineLink } from './engine-link.ts';
import { createGuarded } from './guarded.ts';
import { lockPages, refusePermissions } from './hardening.ts';
import { electronPort } from './host/port.ts';
import type { EngineState, ShellNote } from './ipc/contract.ts';
import { answerAsks, answerShell } from './ipc/shell.ts';
import { createNotifications, type Notifications } from './notifications.ts';
import { createSystemSeal } from './keys/system-seal.ts';
import { createCopies } from './open-copy.ts';
import { drawPagesIn } from './page-locale.ts';
import { batteryReader, type Power, watchPower } from './power.ts';
import { createPreferences } from './preferences.ts';
import { saveReport } from './save-report.ts';
import { setHomeAside } from './set-home-aside.ts';
import { type Supervisor, superviseEngine } from './supervisor.ts';
import { createTray, type TrayView } from './tray.ts';
import { type TrayAction, trayFace } from './tray-menu.ts';
import { askOrigin, uiOrigin } from './ui-files.ts';
import { registerUiScheme, serveUi } from './ui-scheme.ts';
import { createMainWindow } from './window.ts';
import { openWindowLog } from './window-log.ts';

const out = path.join(import.meta.dirname, '..');
const options = readAppOptions(process.argv);

// A full disk, or a terminal that was closed, takes no more warnings; nothing ends because of that.
dropUnsaid(process.stderr);

if (options.dataFolder !== undefined) app.setPath('userData', options.dataFolder);
if (!app.requestSingleInstanceLock()) app.exit(0);
const home = path.join(app.getPath('userData'), 'home');
const logs = path.join(home, 'logs');
registerUiScheme();
const settings = openSettingsFile(app.getPath('userData'));
// A language that is chosen later holds for these from the next start.
drawPagesIn(chooseLocale(settings.current().language, app.getPreferredSystemLanguages()));
// Without Chromium's sandbox (root has none) asking for it everywhere makes every child process die.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
lockPages();

const window = createMainWindow({
  preload: path.join(out, 'preload', 'preload.cjs'),
  icon: path.join(out, 'icons', 'app.png'),
  closed() {
    if (!isEnding) notifications?.windowClosed();
  },
});
const link = createEngineLink({
  changed: () => {
    showTray();
    notifications?.see(link.picture());
  },
  refused: (method, code) =>
    void process.stderr.write(`${JSON.stringify({ level: 'warn', message: 'refused', method, code })}\n`),
});
const copies = createCopies({
  directory: path.join(app.getPath('userData'), 'copies'),
  readVersion: (wish) => link.ask('versionRead', wish),
  openPath: (copy) => shell.openPath(copy),
  showInDirectory: (copy) => shell.showItemInFolder(copy),
});
const asks = createAskWindow({
  preload: path.join(out, 'preload', 'preload-ask.cjs'),
  icon: path.join(out, 'icons', 'app.png'),
  parent: () => window.current(),
  isEnding: () => isEnding,
});
const guarded = createGuarded({ asks, link, roll: (below) => randomInt(below), startAnew });
let tray: TrayView | undefined;
let notifications: Notifications | undefined;
let supervisor: Supervisor | undefined;
let power: Power | undefined;
let pageWithPort: WebContents | undefined;
let isEnding = false;
/** What the program says; English until it is known which language is wanted. */
let words = (): Words => createWords('en');
let isEngineStopped = false;
/** Whether the engine asked where to keep its key and has not run since: no page can have it kept plainly unasked. */
let isKeyPlaceAsked = false;
/** Where a window that is still loading should go. */
let wanted: Destination | undefined;

type Destination = Extract<ShellNote, { kind: 'go-to' }>;

const engineState = (): EngineState => supervisor?.state() ?? { kind: 'starting' };
const face = () => trayFace(engineState(), link.picture(), { words: words(), now: systemClock.now() });
const showTray = (): void => tray?.show(face());

/** Connects a page with the engine: main hands over the two ends and hears nothing of what is said. */
function connectPage(page: WebContents): void {
  pageWithPort = page;
  if (supervisor?.state().kind !== 'running' || page.isDestroyed()) return;
  const { port1, port2 } = new MessageChannelMain();
  supervisor.attach(port1, 'window');
  page.postMessage('engine-port', null, [port2]);
}

function engineChanged(state: EngineState): void {
  if (state.kind === 'refused' && state.error.code === 'person-needed')
    isKeyPlaceAsked = state.error.facts.what === 'key-place';
  if (state.kind === 'running') {
    isKeyPlaceAsked = false;
    const { port1, port2 } = new MessageChannelMain();
    supervisor?.attach(port1, 'main');
    supervisor?.power({ kind: 'battery', isOn: power?.isOnBattery() === true });
    link.use(electronPort(port2));
    if (pageWithPort !== undefined) connectPage(pageWithPort);
  } else link.lose();
  window.tell({ kind: 'engine', state });
  showTray();
}

async function openFolder(folderId: string): Promise<boolean> {
  // Only a folder the engine holds: a path from elsewhere is never opened.
  const folder = link.picture()?.folders.find(({ id }) => id === folderId);
  return folder !== undefined && (await shell.openPath(folder.path)) === '';
}

/** The device begins anew, with a key of its own; what it had of its own stays beside, and the folders' files stay where they are. */
async function startAnew(): Promise<void> {
  await supervisor?.between(() => setHomeAside(home, systemClock.now()));
}

function openAt(destination: Destination | undefined): void {
  const isThere = window.current() !== undefined;
  window.open();
  if (!isThere) wanted = destination;
  else if (destination !== undefined) window.tell(destination);
}

function act(action: TrayAction): void {
  switch (action.kind) {
    case 'open':
      openAt(undefined);
      return;
    case 'go-to':
      openAt(action);
      return;
    case 'open-folder':
      void openFolder(action.folderId);
      return;
    case 'pause':
      link.tell('pause', { span: action.span });
      return;
    case 'resume':
      link.tell('resume', undefined);
      return;
    case 'restart':
      supervisor?.restart();
      return;
    case 'quit':
      app.quit();
  }
}

function start(): void {
  void copies.clear();
  refusePermissions();
  const windowLog = openWindowLog(logs, systemClock);
  const preferences = createPreferences(settings, [
    ...(options.dataFolder === undefined ? [] : [`--data=${options.dataFolder}`]),
    '--hidden',
  ]);
  words = preferences.words;
  serveUi(path.join(out, 'renderer'), () => words().locale);
  notifications = createNotifications({
    clock: systemClock,
    settings,
    words: () => words(),
    isLooking: () => window.current()?.isFocused() === true,
    goTo: (screen) => openAt({ kind: 'go-to', screen }),
  });
  answerShell(
    {
      connectEngine(_params, page) {
        connectPage(page);
        if (wanted !== undefined) window.tell(wanted);
        wanted = undefined;
        return engineState();
      },
      chooseDirectory: (params) =>
        chooseDirectory(params, {
          window: window.current(),
          words: words().tray,
          keep: (place, chosen) => supervisor?.keepPlace(place, chosen),
        }),
      openFolder: async ({ folderId }) => ({ opened: await openFolder(folderId) }),
      async openCopy(wish) {
        try {
          return { opened: await copies.open(wish) };
        } catch (error) {
          return { opened: false, error: errorToWire(error) };
        }
      },
      copyText({ text }) {
        void clipboard.writeText(text);
        return {};
      },
      restartEngine() {
        supervisor?.restart();
        return {};
      },
      removeDevices: guarded.removeDevices,
      recover: guarded.recover,
      leaveGroup: guarded.leaveGroup,
      readSettings: preferences.read,
      changeSettings(changes) {
        const changed = preferences.change(changes);
        showTray();
        return changed;
      },
      saveReport: () =>
        saveReport({
          window: window.current(),
          words: words().tray,
          engine: engineState().kind,
          picture: link.picture(),
          logs,
        }),
      reportFault(fault) {
        windowLog.fault(fault);
        return {};
      },
      keepKeyPlain() {
        if (isKeyPlaceAsked) supervisor?.restart({ key: 'plain' });
        return {};
      },
    },
    uiOrigin,
  );
  answerAsks(asks.answers, askOrigin);
  tray = createTray(face(), {
    iconFolder: path.join(out, 'icons'),
    clock: systemClock,
    act,
  });
  supervisor = superviseEngine({
    file: path.join(out, 'engine', 'engine-host.js'),
    engineArguments: {
      home,
      listen: options.listen,
      discovery: options.discovery,
      key: options.key,
    },
    clock: systemClock,
    seal: createSystemSeal(safeStorage, process.platform),
    changed: engineChanged,
    recoveryWords: (words) => void guarded.showRecoveryWords(words),
  });
  power = watchPower({
    monitor: powerMonitor,
    clock: systemClock,
    readBattery: batteryReader(powerMonitor),
    woke: () => supervisor?.power({ kind: 'woke' }),
    changed: (isOn) => supervisor?.power({ kind: 'battery', isOn }),
  });
  if (!options.hidden) window.open();
}

// A desktop may have no tray: starting the app once more always brings the window.
app.on('second-instance', () => window.open());
app.on('activate', () => window.open());
app.on('window-all-closed', () => {
  // The tray lives on.
});
app.on('before-quit', (event) => {
  isEnding = true;
  if (isEngineStopped || supervisor === undefined) return;
  event.preventDefault();
  void Promise.allSettled([supervisor.stop(), copies.clear()]).finally(() => {
    isEngineStopped = true;
    app.quit();
  });
});
void app.whenReady().then(start);
