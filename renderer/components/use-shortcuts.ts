import { useLayoutEffect } from 'react';
import type { Screen } from '../../app/ipc/contract.ts';

const screenKeys: Readonly<Record<string, Screen>> = {
  '1': 'folders',
  '2': 'devices',
  '3': 'conflicts',
  '4': 'history',
  '5': 'activity',
  '6': 'settings',
  ',': 'settings',
};

/** Ctrl (or ⌘) with a number goes to a screen, F6 from region to region; both rest while a dialog is open. Keys are heard as soon as the window is drawn. */
export function useShortcuts(goTo: (screen: Screen) => void): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return;
      const screen = event.ctrlKey || event.metaKey ? screenKeys[event.key] : undefined;
      if (screen !== undefined) goTo(screen);
      else if (event.key === 'F6') focusRegion(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [goTo]);
}

function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions.at((here + step + regions.length) % regions.length);
  const within = next?.querySelector<HTMLElement>('button:not([disabled]), a[href], textarea, input');
  (within ?? next)?.focus();
}
