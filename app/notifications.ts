import type { Words } from '../renderer/text/words.ts';
import type { SettingsFile } from './app-settings.ts';
import type { Clock } from './clock.ts';
import type { Screen } from './ipc/contract.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { createNewsDisplay, tellWayBack } from './show-news.ts';
import { createStuckNews } from './stuck-news.ts';
import { hasTrayHost } from './tray-host.ts';
import { createWayBack } from './way-back.ts';

/** What a person is told although they look at something else. */
export interface Notifications extends Notifier {
  /** The window was closed, and the program goes on. */
  windowClosed(): void;
}

/** Nothing told yet. `isLooking`: whether the person has the window before them. */
export function createNotifications(dependencies: {
  readonly clock: Clock;
  readonly settings: SettingsFile;
  words(): Words;
  isLooking(): boolean;
  goTo(screen: Screen): void;
}): Notifications {
  const { clock, settings, words, isLooking, goTo } = dependencies;
  const show = createNewsDisplay(goTo);
  const areWanted = (): boolean => settings.current().notifications;
  const parts = { clock, words, show, isWanted: () => areWanted() && !isLooking() };
  const news = createNotifier(parts);
  const stuck = createStuckNews({ ...parts, settings });
  const wayBack = createWayBack({
    settings,
    hasTray: hasTrayHost,
    tell: () => tellWayBack(words().tray, areWanted() ? show : undefined),
  });
  return {
    see(picture) {
      news.see(picture);
      stuck.see(picture);
    },
    windowClosed: () => void wayBack.closed(),
  };
}
