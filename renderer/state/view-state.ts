import type { EngineState, Picture, Screen, WireError } from '../../app/ipc/contract.ts';

/** What was refused, told in passing until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly error: WireError;
}

/** All that the window shows. */
export interface ViewState {
  readonly engine: EngineState;
  /** The newest picture of the device; undefined while no engine runs, for an old one would not be true. */
  readonly picture: Picture | undefined;
  /** The most bytes a folder has lacked since it was last complete: what its progress is measured against. */
  readonly mostNeeded: Readonly<Record<string, number>>;
  readonly screen: Screen;
  readonly notices: readonly Notice[];
  readonly lastNotice: number;
}

/** What can happen to the window. */
export type ViewEvent =
  | { readonly kind: 'engine'; readonly state: EngineState }
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'go-to'; readonly screen: Screen }
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'dismiss'; readonly id: number };

/** LIMIT: notices shown; older ones go. */
const maxNotices = 3;

/** Before anything is known. */
export const firstViewState: ViewState = {
  engine: { kind: 'starting' },
  picture: undefined,
  mostNeeded: {},
  screen: 'folders',
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
        mostNeeded: raiseNeeded(state.mostNeeded, event.picture),
      };
    case 'go-to':
      return { ...state, screen: event.screen };
    case 'refused': {
      const id = state.lastNotice + 1;
      const notices = [...state.notices, { id, error: event.error }].slice(-maxNotices);
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
