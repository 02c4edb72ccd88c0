declare module '*.css';

interface Window {
  /** Put there by the preload script. */
  readonly shell: import('../app/ipc/contract.ts').Shell;
}
