// Runs in the window of a question before its page, in a world of its own.
import { contextBridge, ipcRenderer } from 'electron';
import type { Asking } from './ipc/asks.ts';

const asking: Asking = {
  ask: (method, params) => ipcRenderer.invoke(`ask:${method}`, params),
};
contextBridge.exposeInMainWorld('asking', asking);
