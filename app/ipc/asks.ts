/**
 * What the main process asks a person by itself, in a window of its own: what takes devices out of the group or has to do with the recovery words. The page
 * of the main window can wish for it, and neither see nor answer it. The facts are main's own, not the page's.
 */
import { z } from 'zod';
import type { WireError } from '../control/control.ts';

/** A question, with everything it says. Names are those the engine knows. */
export type Ask =
  /** Confirmed by the name of the first device. */
  | {
      readonly kind: 'remove';
      readonly devices: readonly { readonly name: string; readonly words: string }[];
      /** Devices that those let in, which stay. */
      readonly staying: readonly string[];
      readonly voidsSince: string | null;
      readonly undoesSince: string | null;
    }
  /** Confirmed by the recovery words. */
  | { readonly kind: 'recover'; readonly keep: readonly string[]; readonly remove: readonly string[] }
  /** Confirmed by two of the words, those at the places `asked`, from 1. */
  | {
      readonly kind: 'recovery-words';
      readonly words: readonly string[];
      readonly asked: readonly [number, number];
    }
  /** Confirmed by a press. `isAnew`: this device also gets a key of its own anew. */
  | { readonly kind: 'leave'; readonly others: number; readonly isAnew: boolean };

/** What the page of a question may say to main, over the channel `ask:NAME`: the form of what it takes. */
export const askForms = {
  /** Asks for the question. */
  facts: z.undefined(),
  /** Answers; if the answer is not taken, what was wrong with it comes back and the window stays. */
  answer: z.strictObject({ text: z.string().max(1024) }),
  /** Thinks better of it; where there is no way back, nothing happens. */
  cancel: z.undefined(),
  /** Prints the page. */
  print: z.undefined(),
  /** Says how high all of the question is, in CSS pixels, for the window to be as high. */
  fit: z.strictObject({ height: z.int().min(0).max(10_000) }),
};

interface AskResults {
  readonly facts: Ask | null;
  readonly answer: { readonly error?: WireError };
  readonly cancel: Record<string, never>;
  readonly print: Record<string, never>;
  readonly fit: Record<string, never>;
}

/** What may be asked by a question's page: method → what it takes and what it resolves to. */
export type AskMethods = {
  readonly [M in keyof typeof askForms]: {
    readonly takes: z.infer<(typeof askForms)[M]>;
    readonly gives: AskResults[M];
  };
};

/** What the preload script puts before a question's page as `window.asking`. */
export interface Asking {
  ask<M extends keyof AskMethods>(method: M, params: AskMethods[M]['takes']): Promise<AskMethods[M]['gives']>;
}
