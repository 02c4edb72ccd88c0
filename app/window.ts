import { BrowserWindow } from 'electron';
import type { ShellNote } from './ipc/contract.ts';
import { uiOrigin } from './ui-files.ts';

/** The one window: made when it is asked for, gone when it is closed. */
export interface MainWindow {
  /** Brings the window to the front, making it if need be. */
  open(): void;
  /** The window, if there is one. */
  current(): BrowserWindow | undefined;
  /** Tells the page, if there is one. */
  tell(note: ShellNote): void;
}

/** What a window is made with. */
export interface WindowDependencies {
  readonly preload: string;
  readonly icon: string;
  /** The window is gone. */
  closed(): void;
}

/** No window yet. */
export function createMainWindow({ preload, icon, closed }: WindowDependencies): MainWindow {
  let window: BrowserWindow | undefined;

  const make = (): BrowserWindow => {
    const made = new BrowserWindow({
      width: 980,
      height: 680,
      minWidth: 640,
      minHeight: 440,
      show: false,
      title: 'Lockstep',
      autoHideMenuBar: true,
      ...(process.platform === 'linux' ? { icon } : {}),
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    });
    made.once('ready-to-show', () => made.show());
    made.on('closed', () => {
      window = undefined;
      closed();
    });
    void made.loadURL(`${uiOrigin}/index.html`);
    return made;
  };

  return {
    open() {
      if (window === undefined) {
        window = make();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    current: () => window,
    tell: (note) => window?.webContents.send('shell-note', note),
  };
}
