import path from 'node:path';
import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, Tray } from 'electron';
import type { Clock } from './clock.ts';
import type { TrayAction, TrayFace, TrayIcon, TrayLine } from './tray-menu.ts';

/** States that last shorter are not shown: an icon that flickers says nothing. */
const settleMs = 500;
/** How long a sentence stands while its state does: setting a menu anew closes it under the hand that has it open. */
const sentenceMs = 2_000;

/** The icon in the system's tray. */
export interface TrayView {
  /** Shows a face once it has lasted; the newest wins. */
  show(face: TrayFace): void;
}

/** What the tray needs. */
export interface TrayDependencies {
  readonly iconFolder: string;
  readonly clock: Clock;
  act(action: TrayAction): void;
}

/** Puts the icon in the tray. On a desktop without one nothing shows, and nothing fails. */
export function createTray(first: TrayFace, { iconFolder, clock, act }: TrayDependencies): TrayView {
  const tray = new Tray(readIcon(iconFolder, first.icon));
  let shown: TrayFace | undefined;
  let next = first;
  let timer: { readonly isForState: boolean; cancel(): void } | undefined;

  const draw = (face: TrayFace): void => {
    if (face.icon !== shown?.icon) tray.setImage(readIcon(iconFolder, face.icon));
    if (face.tooltip !== shown?.tooltip) tray.setToolTip(face.tooltip);
    if (JSON.stringify(face.menu) !== JSON.stringify(shown?.menu))
      tray.setContextMenu(Menu.buildFromTemplate(face.menu.map((line) => toItem(line, act))));
    shown = face;
  };

  tray.on('click', () => act({ kind: 'open' }));
  draw(first);
  return {
    show(face) {
      next = face;
      const isForState = face.icon !== shown?.icon;
      if (timer?.isForState === true || (timer !== undefined && !isForState)) return;
      timer?.cancel();
      const cancel = clock.after(isForState ? settleMs : sentenceMs, () => {
        timer = undefined;
        draw(next);
      });
      timer = { isForState, cancel };
    },
  };
}

function toItem(line: TrayLine, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (line.kind) {
    case 'line':
      return { type: 'separator' };
    case 'sentence':
      return { label: escapeMnemonic(line.label), enabled: false };
    case 'action':
      return { label: escapeMnemonic(line.label), click: () => act(line.action) };
    case 'submenu':
      return { label: line.label, submenu: line.lines.map((inner) => toItem(inner, act)) };
  }
}

/** Menus take a single `&` for the mark of a key. */
function escapeMnemonic(label: string): string {
  return label.replaceAll('&', '&&');
}

function readIcon(folder: string, icon: TrayIcon): NativeImage {
  const name =
    { darwin: `tray-${icon}Template.png`, win32: `tray-${icon}.ico` }[String(process.platform)] ??
    `tray-${icon}.png`;
  const image = nativeImage.createFromPath(path.join(folder, name));
  if (process.platform === 'darwin') image.setTemplateImage(true);
  return image;
}
