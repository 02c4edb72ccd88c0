import path from 'node:path';
import { app, nativeTheme } from 'electron';
import type { SettingsFile } from './app-settings.ts';
import { type Autostart, desktopAutostart, loginItemAutostart } from './autostart.ts';
import type { AppSettings, ShellMethods } from './ipc/contract.ts';

/** What the program is set to, as the window reads and changes it. */
export interface Preferences {
  read(): AppSettings;
  change(changes: ShellMethods['changeSettings']['takes']): AppSettings;
}

/** The preferences over their file and the system; the theme takes effect at once, here too. `args` start the program as it was started, in the tray. */
export function createPreferences(settings: SettingsFile, args: readonly string[]): Preferences {
  const autostart = systemAutostart(args);
  const read = (): AppSettings => ({
    ...settings.current(),
    autostart: autostart.isOn(),
    version: app.getVersion(),
  });
  nativeTheme.themeSource = settings.current().theme;
  return {
    read,
    change({ autostart: isWanted, ...changes }) {
      if (isWanted !== undefined) autostart.set(isWanted);
      settings.change(changes);
      nativeTheme.themeSource = settings.current().theme;
      return read();
    },
  };
}

function systemAutostart(args: readonly string[]): Autostart {
  if (process.platform !== 'linux') return loginItemAutostart(app, args);
  return desktopAutostart({
    configDirectory: process.env.XDG_CONFIG_HOME ?? path.join(app.getPath('home'), '.config'),
    command: [
      process.env.APPIMAGE ?? process.execPath,
      ...(app.isPackaged ? [] : [app.getAppPath()]),
      ...args,
    ],
  });
}
