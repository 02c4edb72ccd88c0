import { useEffect } from 'react';

const dialog = '[role=dialog], [role=alertdialog]';
const passing = `${dialog}, [role=menu], [role=listbox]`;

/**
 * Gives the focus back when what had it is gone: to what a dialog was opened from, also by way of other dialogs, else to what took its place above or below the
 * screen, else to the screen. Nobody without a mouse has to begin at the window's first control. An open dialog looks after itself.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | undefined;
    let opener: HTMLElement | undefined;
    let region: HTMLElement | null = null;
    const note = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      last = target;
      if (target.closest(passing) !== null) return;
      opener = target;
      region = target.closest<HTMLElement>('[data-region]');
    };
    const look = (): void => {
      if (last?.isConnected !== false || document.activeElement !== document.body) return;
      if (document.querySelector(dialog) !== null) return;
      const screen = document.querySelector<HTMLElement>('[data-region=main]');
      const successor = region === screen ? null : region?.querySelector<HTMLElement>('button');
      const next = opener?.isConnected === true ? opener : (successor ?? screen);
      next?.focus({ preventScroll: true });
    };
    // A closing dialog tries to give the focus back itself, in the next frame.
    const changes = new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(look)));
    changes.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', note);
    return () => {
      changes.disconnect();
      document.removeEventListener('focusin', note);
    };
  }, []);
}
