/** Front door for the pure rooms: nothing here reads a clock, a disk or a random source. */
export { Bug, invariant, unreachable } from './assert.ts';
export { bytesToHex, compareBytes, compareText, concatBytes, equalBytes, hexToBytes } from './bytes.ts';
export { firstPlace } from './first-place.ts';
export { inPages } from './in-pages.ts';
