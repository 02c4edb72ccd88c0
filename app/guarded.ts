import type { AskWindow } from './ask-window.ts';
import { errorToWire, type WireError } from './control/control.ts';
import type { EngineLink } from './engine-link.ts';
import type { ShellMethods } from './ipc/contract.ts';

/** Places of the recovery words that have to be typed back: one in each half, so that a page half copied is noticed. */
const askedPlaces = (roll: (below: number) => number): readonly [number, number] => [
  1 + roll(6),
  7 + roll(6),
];

/** What the window can only wish for: each asks the person in a window of main's own, with facts from the engine, and resolves to null if they think better of it. */
export interface Guarded {
  removeDevices(
    wish: ShellMethods['removeDevices']['takes'],
  ): Promise<ShellMethods['removeDevices']['gives']>;
  recover(wish: ShellMethods['recover']['takes']): Promise<ShellMethods['recover']['gives']>;
  leaveGroup(wish: ShellMethods['leaveGroup']['takes']): Promise<ShellMethods['leaveGroup']['gives']>;
  /** Shows the recovery words of a new group, until two of them were typed back. */
  showRecoveryWords(words: string): Promise<void>;
}

/** What they need. `startAnew` sets all that the device has of its own aside and starts it with a new key. */
export interface GuardedDependencies {
  readonly asks: AskWindow;
  readonly link: Pick<EngineLink, 'ask' | 'picture'>;
  startAnew(): Promise<void>;
  /** A whole number from 0, below the one given. */
  roll(below: number): number;
}

/** The acts over main's own port. While a question is open another wish comes to nothing. */
export function createGuarded({ asks, link, startAnew, roll }: GuardedDependencies): Guarded {
  const deviceOf = (key: string) => {
    const known = link.picture()?.devices.find((device) => device.key === key);
    return { name: known?.name ?? key, words: known?.words ?? '' };
  };
  const ask: AskWindow['ask'] = (question, perform, isFirm) =>
    asks.isBusy() ? Promise.resolve(undefined) : asks.ask(question, perform, isFirm);

  return {
    async removeDevices({ devices, reason, voidSince, undoSince }) {
      const wish = {
        devices,
        withAdded: false,
        ...(reason === undefined ? {} : { reason }),
        ...(voidSince === undefined ? {} : { voidSince }),
        ...(undoSince === undefined ? {} : { undoSince }),
      };
      const { added } = await link.ask('deviceRemovalPreview', { devices });
      const going = devices.map(deviceOf);
      const done = await ask(
        {
          kind: 'remove',
          devices: going,
          staying: added.map(({ name }) => name),
          voidsSince: voidSince ?? null,
          undoesSince: undoSince ?? null,
        },
        (text) => {
          const isIt = text.trim().normalize('NFC') === going[0]?.name.trim().normalize('NFC');
          if (!isIt) return Promise.resolve({ error: wrong('typed-name') });
          return telling(() => link.ask('deviceRemove', wish));
        },
      );
      return done ?? null;
    },
    async recover({ keep }) {
      const active = (link.picture()?.devices ?? []).filter(
        ({ state, active: isActive }) =>
          state === 'connected' || state === 'offline' || (state === 'self' && isActive === true),
      );
      const done = await ask(
        {
          kind: 'recover',
          keep: keep.map((key) => deviceOf(key).name),
          remove: active.filter(({ key }) => !keep.includes(key)).map(({ name }) => name),
        },
        (code) => telling(() => link.ask('recover', { code, keep })),
      );
      return done ?? null;
    },
    async leaveGroup({ anew }) {
      const { group, status } = link.picture() ?? {};
      const others = group?.members.filter((key) => key !== status?.deviceKey).length ?? 0;
      const done = await ask({ kind: 'leave', others, isAnew: anew }, () =>
        telling<Record<string, never>>(async () => {
          if (anew) await startAnew();
          else await link.ask('groupLeave', undefined);
          return {};
        }),
      );
      return done ?? null;
    },
    async showRecoveryWords(text) {
      const words = text.split(' ');
      const asked = askedPlaces(roll);
      const wanted = asked.map((place) => words[place - 1]).join(' ');
      await asks.ask(
        { kind: 'recovery-words', words, asked },
        (typed) => {
          const isRight = typed.trim().toLowerCase().split(/\s+/).join(' ') === wanted;
          return Promise.resolve(isRight ? { done: {} } : { error: wrong('typed-words') });
        },
        true,
      );
    },
  };
}

const wrong = (what: string): WireError => ({ code: 'bad-argument', facts: { what }, retry: 'after-user' });

async function telling<T>(
  act: () => Promise<T>,
): Promise<{ readonly done: T } | { readonly error: WireError }> {
  try {
    return { done: await act() };
  } catch (error) {
    return { error: errorToWire(error) };
  }
}
