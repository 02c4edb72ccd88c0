import { dialog, Notification } from 'electron';
import type { Words } from '../renderer/text/words.ts';
import type { Screen } from './ipc/contract.ts';
import type { News } from './news.ts';
import { withoutMarkup } from './visible-text.ts';

/** Shows one notification, or calls `failed` where nothing shows them. */
type Show = (news: Pick<News, 'title' | 'body' | 'screen'>, failed?: () => void) => void;

/** Shows news as notifications of the system; a press on one goes to its screen. */
export function createNewsDisplay(goTo: (screen: Screen) => void): Show {
  /** Electron forgets a notification that nobody holds, and with it the press on it. */
  const open = new Set<Notification>();
  return ({ title, body, screen }, failed) => {
    const notification = new Notification({
      title,
      body: process.platform === 'linux' ? withoutMarkup(body) : body,
      silent: true,
    });
    open.add(notification);
    notification.on('click', () => goTo(screen));
    notification.on('close', () => open.delete(notification));
    notification.on('failed', () => {
      open.delete(notification);
      failed?.();
    });
    notification.show();
  };
}

/** Says how the window comes back: by `show`, or in a message where nobody wants notifications or there are none. */
export function tellWayBack(words: Words['tray'], show: Show | undefined): void {
  const { newsWayBack: title, newsWayBackBody: body } = words;
  const inMessage = (): void => void dialog.showMessageBox({ message: title, detail: body });
  if (show !== undefined && Notification.isSupported()) show({ title, body, screen: 'folders' }, inMessage);
  else inMessage();
}
