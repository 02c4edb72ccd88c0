/** Front door of `base`: what every room may lean on, with no word of the domain in it. */
export * from './pure.ts';
export { abortable, abortReason, throwIfAborted } from './abort.ts';
export { type Breathe, createBreather } from './breather.ts';
export { type Clock, sleep, systemClock, systemLocalTime } from './clock.ts';
export { collectAtRest } from './collect-at-rest.ts';
export { createLimiter, type Limiter } from './limiter.ts';
export { type Log, type LogLevel, silentLog } from './log.ts';
export { type Random, randomFraction, randomHex, systemRandom } from './random.ts';
