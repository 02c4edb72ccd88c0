/** What was asked of memory at one go since it was last reset: bytes of buffers, places of lists. */
export interface Reservations {
  reset(): void;
  largest(): number;
}

/**
 * Watches every constructor that reserves memory by a number, in this thread, from now on for good. What grows piece by piece is bounded by what it is made of and not
 * seen here.
 */
export function watchReservations(): Reservations {
  let largest = 0;
  const note = (size: unknown, width: number): void => {
    if (typeof size === 'number') largest = Math.max(largest, size * width);
  };
  const watched = <T extends abstract new (...args: never[]) => object>(type: T, width: number): T =>
    new Proxy(type, {
      construct(target, args: unknown[], made) {
        note(args[0], width);
        return Reflect.construct(target, args, made);
      },
      apply(target, self, args: unknown[]) {
        note(args[0], width);
        return Reflect.apply(target as never, self, args);
      },
    });
  const widths = {
    Array: 8,
    ArrayBuffer: 1,
    Uint8Array: 1,
    Uint16Array: 2,
    Uint32Array: 4,
    BigUint64Array: 8,
  };
  for (const [name, width] of Object.entries(widths) as [keyof typeof widths, number][])
    Reflect.set(globalThis, name, watched(globalThis[name] as never, width));
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
    const original: (size: number, ...rest: never[]) => unknown = Buffer[name].bind(Buffer);
    Reflect.set(Buffer, name, (size: number, ...rest: never[]) => {
      note(size, 1);
      return original(size, ...rest);
    });
  }
  return {
    reset() {
      largest = 0;
    },
    largest: () => largest,
  };
}
