import type { StoredSettings } from './app-settings.ts';

/** Sees to it that whoever closes the window finds it again. */
export interface WayBack {
  /** The window was closed, and the program goes on. */
  closed(): Promise<void>;
}

/** Tells a person how the window comes back: once and never again, the first time it is closed where no tray shows an icon to press. */
export function createWayBack(dependencies: {
  readonly settings: {
    current(): Pick<StoredSettings, 'isWayBackTold'>;
    change(changes: Pick<StoredSettings, 'isWayBackTold'>): void;
  };
  hasTray(): Promise<boolean>;
  tell(): void;
}): WayBack {
  const { settings, hasTray, tell } = dependencies;
  return {
    async closed() {
      if (settings.current().isWayBackTold || (await hasTray())) return;
      // Closed once more meanwhile.
      if (settings.current().isWayBackTold) return;
      tell();
      settings.change({ isWayBackTold: true });
    },
  };
}
