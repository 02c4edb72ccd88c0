import type { AppSettings, EngineState, Picture, Screen, Target, WireError } from '../../app/ipc/contract.ts';

/** Something a person did that took effect, and the activities that take it back, last first. */
export type Done = { readonly undo: readonly string[] } & (
  | { readonly what: 'resolved'; readonly count: number; readonly added: readonly string[] }
  | { readonly what: 'restored'; readonly count: number; readonly missing: number }
  | { readonly what: 'undone'; readonly missing: number }
  | { readonly what: 'answered'; readonly answer: 'apply' | 'undo' }
);

/** What was refused or done, told in passing until it is dismissed. */
export type Notice = { readonly id: number } & (
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'done'; readonly done: Done }
);

/** All that the window shows. */
export interface ViewState {
  readonly engine: EngineState;
  /** The newest picture of the device; undefined while no engine runs, for an old one would not be true. */
  readonly picture: Picture | undefined;
  /** The most bytes a folder has lacked since it was last complete: what its progress is measured against. */
  readonly mostNeeded: Readonly<Record<string, number>>;
  /** What the program is set to; undefined until that is known. */
  readonly settings: AppSettings | undefined;
  /** Whether the first steps are shown; undefined until it is known whether the device was used before. */
  readonly isFirstRun: boolean | undefined;
  readonly screen: Screen;
  /** What the screen was asked to show, until another is gone to. */
  readonly target: Target | undefined;
  readonly notices: readonly Notice[];
  readonly lastNotice: number;
}

/** What can happen to the window. */
export type ViewEvent =
  | { readonly kind: 'engine'; readonly state: EngineState }
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'settings'; readonly settings: AppSettings }
  | { readonly kind: 'go-to'; readonly screen: Screen; readonly target?: Target }
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'dismiss'; readonly id: number };

/** LIMIT: notices shown; older ones go. */
const maxNotices = 3;

/** Before anything is known. */
export const firstViewState: ViewState = {
  engine: { kind: 'starting' },
  picture: undefined,
  mostNeeded: {},
  settings: undefined,
  isFirstRun: undefined,
  screen: 'folders',
  target: undefined,
  notices: [],
  lastNotice: 0,
};

/** The window's state after an event. */
export function reduceView(state: ViewState, event: ViewEvent): ViewState {
  switch (event.kind) {
    case 'engine':
      return event.state.kind === 'running'
        ? { ...state, engine: event.state }
        : { ...state, engine: event.state, picture: undefined };
    case 'picture':
      return {
        ...state,
        engine: { kind: 'running' },
        picture: event.picture,
        isFirstRun: state.isFirstRun ?? firstRunOf(event.picture, state.settings),
        mostNeeded: raiseNeeded(state.mostNeeded, event.picture),
      };
    case 'settings':
      return {
        ...state,
        settings: event.settings,
        isFirstRun: event.settings.isSetUp
          ? false
          : (state.isFirstRun ?? firstRunOf(state.picture, event.settings)),
      };
    case 'go-to':
      return { ...state, screen: event.screen, target: event.target };
    case 'refused':
    case 'done': {
      const id = state.lastNotice + 1;
      // Of what was done only the last is told: the rest is on the Activity screen.
      const others = state.notices.filter(({ kind }) => kind === 'refused' || event.kind === 'refused');
      const notices = [...others, { id, ...event }].slice(-maxNotices);
      return { ...state, lastNotice: id, notices };
    }
    case 'dismiss':
      return { ...state, notices: state.notices.filter(({ id }) => id !== event.id) };
  }
}

function raiseNeeded(before: ViewState['mostNeeded'], { folders }: Picture): ViewState['mostNeeded'] {
  return Object.fromEntries(
    folders
      .filter(({ needBytes }) => needBytes > 0)
      .map(({ id, needBytes }) => [id, Math.max(needBytes, before[id] ?? 0)]),
  );
}

/** The first steps are for a device that has nothing yet; what they bring about does not end them. */
function firstRunOf(picture: Picture | undefined, settings: AppSettings | undefined): boolean | undefined {
  if (picture === undefined || settings === undefined) return undefined;
  const { folders, offered, devices, group } = picture;
  const isUnused =
    folders.length === 0 && offered.length === 0 && group.group === null && devices.length <= 1;
  return isUnused && !settings.isSetUp;
}
