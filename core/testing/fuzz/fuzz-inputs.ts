import { isDeepStrictEqual } from 'node:util';
import { bytesToHex, equalBytes, invariant } from '../../base/pure.ts';
import { fuzzRandom } from './fuzz-random.ts';
import { type FuzzTarget, isRefusedMessage } from './fuzz-target.ts';
import { mutate } from './mutate.ts';
import type { Reservations } from './reservations.ts';

/** LIMIT: bytes at one go for any input, however short. */
const reserveBytes = 64 * 1024;
/** LIMIT: bytes at one go for each byte of the input: a list of numbers takes eight. */
const reservePerByte = 16;
/** LIMIT: inputs of which it is looked at whether they read the same again; that takes longer than reading them. */
const lookedAtAgainEvery = 16;

const refused = Symbol('refused');

/** Messages up to here are most of the inputs: what goes wrong in the fullest ones goes wrong in small ones a hundred times as fast. */
const smallBytes = 1024;
const largeEvery = 256;

/** What became of inputs. */
export interface FuzzCounts {
  readonly inputs: number;
  readonly accepted: number;
  readonly ignored: number;
  readonly refused: number;
}

/** An input that a decoder did not stand. */
export class FuzzFault extends Error {
  override name = 'FuzzFault';
  readonly input: string;

  constructor(what: string, input: Uint8Array, cause?: unknown) {
    super(what, { cause });
    this.input = bytesToHex(input);
  }
}

/** Tries inputs on one decoder. */
export interface FuzzInputs {
  /** The bytes of an input, by its number. */
  bytesOf(number: number): Uint8Array;
  /** Throws {@link FuzzFault} for what is neither taken nor refused in order. */
  attempt(input: Uint8Array, isLookedAtAgain?: boolean): void;
  attemptNumber(number: number): void;
  counts(): FuzzCounts;
}

/** Inputs for one decoder that follow from `seed` and their numbers. */
export function createFuzzInputs(target: FuzzTarget, seed: number, reservations?: Reservations): FuzzInputs {
  const samples = target.samples();
  const small = samples.filter(({ length }) => length <= smallBytes);
  invariant(small.length > 0, `${target.name} has a message of usual size`);
  const isRefusal = (error: unknown): boolean => (target.isRefusal ?? isRefusedMessage)(error);
  const counts = { inputs: 0, accepted: 0, ignored: 0, refused: 0 };

  const bytesOf = (number: number): Uint8Array => {
    const random = fuzzRandom(seed, number);
    const from = random.below(largeEvery) === 0 ? samples : small;
    return mutate(random, random.pick(from), random.pick(from));
  };
  const answerOf = (input: Uint8Array): unknown => {
    try {
      return target.decode(input);
    } catch (error) {
      if (isRefusal(error)) return refused;
      throw new FuzzFault(`${target.name} broke: ${String(error)}`, input, error);
    }
  };
  const attempt = (input: Uint8Array, isLookedAtAgain = true): void => {
    counts.inputs += 1;
    reservations?.reset();
    const value = answerOf(input);
    const reserved = reservations?.largest() ?? 0;
    const allowed = reserveBytes + (target.mayReserve ?? 0) + input.length * reservePerByte;
    if (reserved > allowed) throw new FuzzFault(`${target.name} reserved ${reserved} bytes at one go`, input);
    if (value === refused) counts.refused += 1;
    else if (value === undefined) counts.ignored += 1;
    else {
      counts.accepted += 1;
      if (isLookedAtAgain) lookAgain(target, value, input);
    }
  };
  return {
    bytesOf,
    attempt,
    attemptNumber: (number) => attempt(bytesOf(number), number % lookedAtAgainEvery === 0),
    counts: () => ({ ...counts }),
  };
}

function lookAgain(target: FuzzTarget, value: unknown, input: Uint8Array): void {
  if (target.encode === undefined) return;
  const encoded = target.encode(value as never);
  if (target.isExact === true) {
    if (equalBytes(encoded, input)) return;
    throw new FuzzFault(`${target.name} took bytes that are not the only ones that say it`, input);
  }
  if (!isDeepStrictEqual(target.decode(encoded), value))
    throw new FuzzFault(`${target.name} reads what it took differently when encoded`, input);
}
