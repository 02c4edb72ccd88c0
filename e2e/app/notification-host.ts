import dbus from 'dbus-native';
import { waitUntil } from '../harness/harness.ts';
import { playService } from './play-service.ts';

const name = 'org.freedesktop.Notifications';

/** A notification as the desktop was given it. */
export interface ShownNotification {
  readonly id: number;
  readonly summary: string;
  readonly body: string;
}

/** What shows notifications on a desktop. */
export interface NotificationHost {
  /** All there were, in their order. */
  readonly shown: readonly ShownNotification[];
  /** The first with this summary. */
  see(summary: string, deadlineMs?: number): Promise<ShownNotification>;
  /** A press on it. */
  press(notification: ShownNotification): void;
  close(): void;
}

/** Takes the notifications of the session bus, which has to be a private one. */
export async function openNotificationHost(): Promise<NotificationHost> {
  const bus = dbus.sessionBus();
  const shown: ShownNotification[] = [];
  const served = dbus.defineInterface({
    name,
    methods: {
      Notify: {
        in: {
          app: 's',
          replaces: 'u',
          icon: 's',
          summary: 's',
          body: 's',
          actions: 'as',
          hints: 'a{sv}',
          timeout: 'i',
        },
        out: { id: 'u' },
        handler({ summary = '', body = '' }) {
          const id = shown.length + 1;
          shown.push({ id, summary, body });
          return id;
        },
      },
      CloseNotification: { in: { id: 'u' }, handler() {} },
      GetCapabilities: { in: {}, out: { capabilities: 'as' }, handler: () => ['body', 'actions'] },
      GetServerInformation: {
        in: {},
        out: { name: 's', vendor: 's', version: 's', specVersion: 's' },
        handler: () => ({ name: 'test', vendor: 'test', version: '1', specVersion: '1.2' }),
      },
    },
    properties: {},
    signals: {
      NotificationClosed: { args: { id: 'u', reason: 'u' } },
      ActionInvoked: { args: { id: 'u', action: 's' } },
    },
  });
  await playService(bus, name, '/org/freedesktop/Notifications', served);
  return {
    shown,
    see: (summary, deadlineMs) =>
      waitUntil(
        `the notification “${summary}”`,
        () => shown.find((each) => each.summary === summary),
        deadlineMs,
      ),
    press: ({ id }) => served.emit.ActionInvoked?.(id, 'default'),
    close: () => bus.close(),
  };
}
