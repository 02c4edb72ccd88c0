import fs from 'node:fs/promises';
import os from 'node:os';
import { app, type BaseWindow, dialog, type SaveDialogOptions } from 'electron';
import { errorToWire } from './control/control.ts';
import { SyncError } from '../core/model/errors.ts';
import type { Picture, ShellMethods } from './ipc/contract.ts';
import { writeReport } from './report.ts';
import type { Words } from '../renderer/text/words.ts';

/** Lets a person choose a file and writes the report there, readable by this user only. */
export async function saveReport(facts: {
  readonly window: BaseWindow | undefined;
  readonly words: Words['tray'];
  readonly engine: string;
  readonly picture: Picture | undefined;
  readonly logs: string;
}): Promise<ShellMethods['saveReport']['gives']> {
  const { window, words, ...told } = facts;
  const options: SaveDialogOptions = {
    title: words.saveReport,
    defaultPath: 'lockstep-report.txt',
    filters: [{ name: words.textFiles, extensions: ['txt'] }],
  };
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  if (canceled || filePath === '') return { saved: false };
  const { electron, node } = process.versions;
  const system = `${os.type()} ${os.release()} ${process.arch}, Electron ${electron}, Node ${node}`;
  try {
    await fs.writeFile(filePath, await writeReport({ ...told, version: app.getVersion(), system }), {
      mode: 0o600,
    });
    return { saved: true };
  } catch (cause) {
    return {
      saved: false,
      error: errorToWire(new SyncError('disk-failed', {}, { retry: 'after-user', cause })),
    };
  }
}
