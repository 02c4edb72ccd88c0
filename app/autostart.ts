import fs from 'node:fs';
import path from 'node:path';

/** Whether the program starts with the session, hidden in the tray. */
export interface Autostart {
  isOn(): boolean;
  /** Throws what the disk says. */
  set(isOn: boolean): void;
}

/** On Linux, a file in the session's autostart directory (`XDG_CONFIG_HOME`, or `.config` of `home`) that runs `command`. */
export function desktopAutostart(options: {
  readonly configDirectory: string;
  readonly command: readonly string[];
}): Autostart {
  const file = path.join(options.configDirectory, 'autostart', 'lockstep.desktop');
  return {
    isOn: () => fs.existsSync(file),
    set(isOn) {
      if (!isOn) {
        fs.rmSync(file, { force: true });
        return;
      }
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(
        file,
        [
          '[Desktop Entry]',
          'Type=Application',
          'Name=Lockstep',
          'Comment=Keeps folders in step between your devices',
          `Exec=${options.command.map(quoteExec).join(' ')}`,
          'Icon=lockstep',
          'Terminal=false',
          'X-GNOME-Autostart-enabled=true',
          '',
        ].join('\n'),
      );
    },
  };
}

/** On macOS and Windows, the system's own list; `app` is Electron's. */
export function loginItemAutostart(
  app: {
    getLoginItemSettings(options: { args: string[] }): { readonly openAtLogin: boolean };
    setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void;
  },
  args: readonly string[],
): Autostart {
  return {
    isOn: () => app.getLoginItemSettings({ args: [...args] }).openAtLogin,
    set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, args: [...args] }),
  };
}

/** An argument as the desktop entry specification wants it. */
function quoteExec(argument: string): string {
  const escaped = argument.replaceAll('%', '%%').replace(/["`$\\]/g, '\\$&');
  return /^[\w@+=:,./-]+$/.test(argument) ? escaped : `"${escaped.replaceAll('\\', '\\\\')}"`;
}
