import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { type BaseWindow, dialog, type OpenDialogOptions } from 'electron';
import type { ChosenPlace, ShellMethods } from './ipc/contract.ts';
import { visibleText } from '../renderer/text/format.ts';
import type { Words } from '../renderer/text/words.ts';

/** Lets a person choose a directory; `keep` is told which one its token stands for. Null if they think better of it. */
export async function chooseDirectory(
  { purpose, name = '' }: ShellMethods['chooseDirectory']['takes'],
  {
    window,
    words,
    keep,
  }: {
    readonly window: BaseWindow | undefined;
    readonly words: Words['tray'];
    keep(place: string, path: string): void;
  },
): Promise<ChosenPlace | null> {
  const options: OpenDialogOptions = {
    title: purpose === 'add' ? words.chooseAdd : words.chooseJoin(visibleText(name)),
    buttonLabel: purpose === 'add' ? words.chooseAddButton : words.chooseJoinButton,
    properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
  };
  const { canceled, filePaths } = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  const [chosen] = filePaths;
  if (canceled || chosen === undefined) return null;
  const place = randomUUID();
  keep(place, chosen);
  return { place, shownPath: chosen, isEmpty: await isEmptyDirectory(chosen) };
}

/** Whether nothing is there to be mixed with what comes; a directory that cannot be read is not called empty. */
async function isEmptyDirectory(directory: string): Promise<boolean> {
  try {
    const names = await fs.readdir(directory);
    return names.length === 0;
  } catch {
    return false;
  }
}
