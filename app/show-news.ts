import { dialog, Notification } from 'electron';
import type { Words } from '../renderer/text/words.ts';
import type { Screen } from './ipc/contract.ts';
import type { News } from './news.ts';
import { withoutMarkup } from './visible-text.ts';

/** Shows one notification. */
type Show = (news: Pick<News, 'title' | 'body' | 'screen'>) => void;

/** Shows news as notifications of the system; a press on one goes to its screen. */
export function createNewsDisplay(goTo: (screen: Screen) => void): Show {
  /** Electron forgets a notification that nobody holds, and with it the press on it. */
  const open = new Set<Notification>();
  return ({ title, body, screen }) => {
    const notification = new Notification({
      title,
      body: process.platform === 'linux' ? withoutMarkup(body) : body,
      silent: true,
    });
    open.add(notification);
    notification.on('click', () => goTo(screen));
    notification.on('close', () => open.delete(notification));
    notification.show();
  };
}

/** Says how the window comes back: by `show`, or in a message where nobody wants notifications or there are none. */
export function tellWayBack(words: Words['tray'], show: Show | undefined): void {
  const { newsWayBack: title, newsWayBackBody: body } = words;
  if (show !== undefined && Notification.isSupported()) show({ title, body, screen: 'folders' });
  else void dialog.showMessageBox({ message: title, detail: body });
}
