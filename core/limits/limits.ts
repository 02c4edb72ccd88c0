/** Front door of `limits`: how fast and when this device may sync. Pure: time is given, nothing waits here. */
export { createFairTurns, type FairTurns } from './fair-turns.ts';
export { formatRate, leastRateBps, mostRateBps, parseRate, type Rate } from './rate.ts';
export {
  effectAt,
  type LocalTime,
  lowest,
  maxScheduleEntries,
  nextChange,
  type ScheduleEffect,
  type ScheduleEntry,
  type Weekday,
  weekdays,
} from './schedule.ts';
export { formatScheduleEntry, parseSchedule, ScheduleTextError } from './schedule-text.ts';
export { type Bucket, fullBucket, owe, refill, waitMs } from './token-bucket.ts';
