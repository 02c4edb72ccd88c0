import type { ActivityItem, EngineState, PauseSpan, Picture, ShellNote } from './ipc/contract.ts';
import { sayStatus } from '../renderer/text/say-status.ts';
import type { Words } from '../renderer/text/words.ts';
import { shortName } from './visible-text.ts';

/** What the tray's icon can say; each has its own shape. */
export type TrayIcon = 'idle' | 'syncing' | 'paused' | 'attention' | 'offline';

type TrayWords = Words['tray'];

/** What a menu entry does. */
export type TrayAction =
  | { readonly kind: 'open' }
  | Extract<ShellNote, { kind: 'go-to' }>
  | { readonly kind: 'open-folder'; readonly folderId: string }
  | { readonly kind: 'pause'; readonly span: PauseSpan }
  | { readonly kind: 'resume' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'quit' };

/** A line of the menu. */
export type TrayLine =
  | { readonly kind: 'line' }
  | { readonly kind: 'sentence'; readonly label: string }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'submenu'; readonly label: string; readonly lines: readonly TrayLine[] };

/** Everything the tray shows. */
export interface TrayFace {
  readonly icon: TrayIcon;
  readonly sentence: string;
  readonly tooltip: string;
  readonly menu: readonly TrayLine[];
}

/** LIMIT: folders in the menu; the window has them all. */
const maxFolders = 20;

/** What the tray shows for the engine's state and its newest picture, in `words`; `now` in milliseconds. */
export function trayFace(
  engine: EngineState,
  picture: Picture | undefined,
  { words: allWords, now }: { readonly words: Words; readonly now: number },
): TrayFace {
  const words = allWords.tray;
  const { icon, sentence } =
    picture === undefined || engine.kind !== 'running'
      ? withoutPicture(engine, words)
      : { icon: iconOf(picture), sentence: sayStatus(allWords, picture, now) };
  const isStopped = engine.kind === 'given-up' || engine.kind === 'refused';
  const conflicts = picture?.folders.reduce((sum, folder) => sum + folder.conflicts, 0) ?? 0;
  const questions = picture?.questions.filter(({ kind }) => kind !== 'pending-device').length ?? 0;
  const asking = picture?.devices.some(({ state }) => state === 'pending') ?? false;
  const action = (label: string, what: TrayAction): TrayLine => ({ kind: 'action', label, action: what });
  return {
    icon,
    sentence,
    tooltip: words.tooltip(sentence),
    menu: [
      { kind: 'sentence', label: sentence },
      { kind: 'line' },
      ...(asking ? [action(words.answer, { kind: 'go-to', screen: 'devices' })] : []),
      ...(questions > 0 ? [action(words.question(questions), { kind: 'go-to', screen: 'folders' })] : []),
      ...(conflicts > 0 ? [action(words.resolve(conflicts), { kind: 'go-to', screen: 'conflicts' })] : []),
      action(words.open, { kind: 'open' }),
      ...(picture === undefined
        ? []
        : [...folderLines(picture, words), ...recentLines(picture, words), ...pauseLines(picture, words)]),
      ...(isStopped ? [action(words.startAgain, { kind: 'restart' })] : []),
      { kind: 'line' },
      ...(picture === undefined
        ? []
        : [
            action(words.pair, { kind: 'go-to', screen: 'devices' }),
            action(words.settings, { kind: 'go-to', screen: 'settings' }),
          ]),
      action(words.quit, { kind: 'quit' }),
    ],
  };
}

function iconOf({ status, devices }: Picture): TrayIcon {
  return devices.some(({ state }) => state === 'pending') ? 'attention' : status.state;
}

function withoutPicture(engine: EngineState, words: TrayWords): { icon: TrayIcon; sentence: string } {
  switch (engine.kind) {
    case 'starting':
    case 'running':
      return { icon: 'offline', sentence: words.starting };
    case 'restarting':
      return { icon: 'offline', sentence: words.restarting };
    case 'refused':
      return { icon: 'attention', sentence: words.refused };
    case 'given-up':
      return { icon: 'attention', sentence: words.givenUp };
  }
}

function folderLines({ folders }: Picture, words: TrayWords): readonly TrayLine[] {
  if (folders.length === 0) return [];
  const lines = folders.slice(0, maxFolders).map(
    ({ id, name }): TrayLine => ({
      kind: 'action',
      label: shortName(name),
      action: { kind: 'open-folder', folderId: id },
    }),
  );
  return [{ kind: 'submenu', label: words.openFolder, lines }];
}

function recentLines({ recent }: Picture, words: TrayWords): readonly TrayLine[] {
  if (recent.length === 0) return [];
  const lines = recent.map(
    (item): TrayLine => ({ kind: 'action', label: recentLabel(item, words), action: whereTo(item) }),
  );
  return [{ kind: 'submenu', label: words.recent, lines }];
}

function recentLabel({ kind, path }: ActivityItem, words: TrayWords): string {
  const shown = shortName(path.slice(path.lastIndexOf('/') + 1));
  return words.happened[kind](shown === '' ? words.wholeFolder : shown);
}

/** The screen that shows what became of it. */
function whereTo({ kind, folderId, path }: ActivityItem): TrayAction {
  const target = { folderId, path };
  if (kind === 'conflict') return { kind: 'go-to', screen: 'conflicts', target };
  return path === '' ? { kind: 'go-to', screen: 'activity' } : { kind: 'go-to', screen: 'history', target };
}

function pauseLines({ status }: Picture, words: TrayWords): readonly TrayLine[] {
  const isPaused = status.state === 'paused';
  if (isPaused)
    return [{ kind: 'line' }, { kind: 'action', label: words.resume, action: { kind: 'resume' } }];
  const lines = (['hour', 'tomorrow', 'open'] as const).map(
    (span): TrayLine => ({ kind: 'action', label: words.pauseFor[span], action: { kind: 'pause', span } }),
  );
  return [{ kind: 'line' }, { kind: 'submenu', label: words.pause, lines }];
}
