import { Notification } from 'electron';
import type { Screen } from './ipc/contract.ts';
import type { News } from './news.ts';
import { withoutMarkup } from './visible-text.ts';

/** Shows news as notifications of the system; a press on one goes to its screen. */
export function createNewsDisplay(
  goTo: (screen: Screen) => void,
): (news: Pick<News, 'title' | 'body' | 'screen'>) => void {
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
