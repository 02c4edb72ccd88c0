import path from 'node:path';
import { app, nativeTheme } from 'electron';
import type { SettingsFile } from './app-settings.ts';
import { chooseLocale, createWords, type Words } from '../renderer/text/words.ts';
import { type Autostart, desktopAutostart, loginItemAutostart } from './autostart.ts';
import type { AppSettings, ShellMethods } from './ipc/contract.ts';

/** What the program is set to, as the window reads and changes it. */
export interface Preferences {
  read(): AppSettings;
  change(changes: ShellMethods['changeSettings']['takes']): AppSettings;
  /** What the program says, in the language that is chosen. */
  words(): Words;
}

/** The preferences over their file and the system; theme and language take effect at once, here too. To be made when Electron is ready. `args` start the program as it was started, in the tray. */
export function createPreferences(settings: SettingsFile, args: readonly string[]): Preferences {
  const autostart = systemAutostart(args);
  const locale = (): string => chooseLocale(settings.current().language, app.getPreferredSystemLanguages());
  let words = createWords(locale());
  const read = (): AppSettings => {
    const { isWayBackTold: _, stuck: __, ...shown } = settings.current();
    return { ...shown, autostart: autostart.isOn(), locale: words.locale, version: app.getVersion() };
  };
  nativeTheme.themeSource = settings.current().theme;
  return {
    read,
    change({ autostart: isWanted, ...changes }) {
      if (isWanted !== undefined) autostart.set(isWanted);
      settings.change(changes);
      words = createWords(locale());
      nativeTheme.themeSource = settings.current().theme;
      return read();
    },
    words: () => words,
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
