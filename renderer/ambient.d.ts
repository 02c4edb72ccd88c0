import type { Shell } from '../app/ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly shell: Shell;
  }
}
