import { crc32 } from 'node:zlib';
import dbus, { type Bus } from 'dbus-native';
import { waitUntil } from '../harness/harness.ts';
import { playService } from './play-service.ts';

const watcherName = 'org.kde.StatusNotifierWatcher';
const itemInterface = 'org.kde.StatusNotifierItem';
const menuInterface = 'com.canonical.dbusmenu';

/** A desktop's tray, as far as an icon in it can tell. */
export interface TrayHost {
  /** The first icon that registers. */
  item(): Promise<TrayItem>;
  close(): void;
}

/** An icon in the tray, seen and pressed over the session bus. */
export interface TrayItem {
  readonly tooltip: () => Promise<string>;
  /** A number that differs when the picture does. */
  readonly icon: () => Promise<number>;
  /** The menu's labels, `Outer ▸ Inner` for those of a submenu; a disabled one in parentheses. Without separators. */
  readonly menu: () => Promise<readonly string[]>;
  /** Presses a menu entry, named as `menu` names it. */
  readonly press: (label: string) => Promise<void>;
  /** What a click on the icon does. */
  readonly activate: () => Promise<void>;
}

interface MenuEntry {
  readonly id: number;
  readonly label: string;
  readonly isEnabled: boolean;
  readonly isSeparator: boolean;
}

/** Owns the tray of the session bus, which has to be a private one. */
export async function openTrayHost(): Promise<TrayHost> {
  const bus = dbus.sessionBus();
  const items: TrayItem[] = [];
  const watcher = dbus.defineInterface({
    name: watcherName,
    methods: {
      RegisterStatusNotifierItem: {
        in: { service: 's' },
        handler({ service = '' }, { sender }) {
          const isPath = service.startsWith('/');
          items.push(trayItem(bus, isPath ? sender : service, isPath ? service : '/StatusNotifierItem'));
        },
      },
      RegisterStatusNotifierHost: { in: { service: 's' }, handler() {} },
    },
    properties: {
      RegisteredStatusNotifierItems: { type: 'as', access: 'read', get: () => [] },
      IsStatusNotifierHostRegistered: { type: 'b', access: 'read', get: () => true },
      ProtocolVersion: { type: 'i', access: 'read', get: () => 0 },
    },
    signals: {
      StatusNotifierItemRegistered: { args: { service: 's' } },
      StatusNotifierItemUnregistered: { args: { service: 's' } },
      StatusNotifierHostRegistered: { args: {} },
    },
  });
  await playService(bus, watcherName, '/StatusNotifierWatcher', watcher);
  return {
    item: () => waitUntil('an icon in the tray', () => items.at(-1)),
    close: () => bus.close(),
  };
}

function trayItem(bus: Bus, destination: string, path: string): TrayItem {
  const call = (
    at: string,
    owner: string,
    member: string,
    signature?: string,
    ...body: readonly unknown[]
  ): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      bus.invoke(
        {
          destination,
          path: at,
          interface: owner,
          member,
          ...(signature === undefined ? {} : { signature, body }),
        },
        (error, ...values) => {
          if (error === null || error === undefined) resolve(values);
          else reject(new Error(`${member}: ${JSON.stringify(error)}`));
        },
      );
    });
  const properties = async (): Promise<Readonly<Record<string, unknown>>> => {
    const [all] = await call(path, 'org.freedesktop.DBus.Properties', 'GetAll', 's', itemInterface);
    const plain = dbus.toPlain(all);
    return plain instanceof Map || Array.isArray(plain)
      ? Object.fromEntries(plain)
      : (plain as Record<string, unknown>);
  };
  const menuPath = async (): Promise<string> => String((await properties()).Menu);
  const entries = async (): Promise<readonly MenuEntry[]> => {
    const [, root] = await call(await menuPath(), menuInterface, 'GetLayout', 'iias', 0, -1, []);
    return readEntries(root).slice(1);
  };
  const shown = ({ label, isEnabled }: MenuEntry): string => (isEnabled ? label : `(${label})`);
  return {
    tooltip: async () => String(((await properties()).ToolTip as readonly unknown[])[2]),
    async icon() {
      const pictures = (await properties()).IconPixmap as readonly (readonly [number, number, Buffer])[];
      const [largest] = [...pictures].sort((a, b) => b[0] - a[0]);
      return largest === undefined ? 0 : crc32(largest[2]);
    },
    menu: async () => (await entries()).filter(({ isSeparator }) => !isSeparator).map(shown),
    async press(label) {
      // The ids change whenever the menu is set anew, so they are looked up for every press.
      const hit = (await entries()).find((entry) => shown(entry) === label);
      if (hit === undefined) throw new Error(`no “${label}” in the tray's menu`);
      await call(await menuPath(), menuInterface, 'Event', 'isvu', hit.id, 'clicked', ['s', ''], 0);
    },
    async activate() {
      await call(path, itemInterface, 'Activate', 'ii', 0, 0);
    },
  };
}

function readEntries(node: unknown, outer = ''): readonly MenuEntry[] {
  const [id, raw, children] = node as [number, unknown, readonly unknown[]];
  const pairs = Array.isArray(raw)
    ? (raw as [string, unknown][])
    : Object.entries(raw as Record<string, unknown>);
  const given = Object.fromEntries(pairs.map(([name, value]) => [name, dbus.variantValue(value)]));
  const own = (typeof given.label === 'string' ? given.label : '').replace(/_(?=[^_])/g, '');
  const label = outer === '' ? own : `${outer} ▸ ${own}`;
  const entry = { id, label, isEnabled: given.enabled !== false, isSeparator: given.type === 'separator' };
  return [entry, ...children.flatMap((child) => readEntries(dbus.variantValue(child), own))];
}
