import type { Asking, Shell } from '../app/ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the window. */
    readonly shell: Shell;
    /** Put there by the preload script of a question's window. */
    readonly asking: Asking;
  }
}
