// Runs in the window before its page, in a world of its own: hands the page a few questions it may ask, and the engine's port.
import { contextBridge, ipcRenderer } from 'electron';
import type { PortMessage, Shell, ShellNote } from './ipc/contract.ts';

const shell: Shell = {
  platform: process.platform,
  ask: (method, params) => ipcRenderer.invoke(`shell:${method}`, params),
  onNote(listener) {
    ipcRenderer.removeAllListeners('shell-note');
    ipcRenderer.on('shell-note', (_event, note: ShellNote) => listener(note));
  },
};
contextBridge.exposeInMainWorld('shell', shell);

ipcRenderer.on('engine-port', ({ ports }) => {
  // The page's origin, so that nothing else could ever be given the port.
  window.postMessage('lockstep-engine-port' satisfies PortMessage, 'app://ui', [...ports]);
});
