import { type Clock, firstPlace } from '../base/base.ts';
import type { Hash } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { BlockItem, PartOfContent } from '../protocol/protocol.ts';

/** Milliseconds from one question about what has come in meanwhile to the next. */
const lookEveryMs = 500;
/** Milliseconds without anything new after which nothing more is expected of a device. */
const stalledMs = 10_000;
/** LIMIT: unfinished contents of one device that are known; the oldest is forgotten first, and learnt of anew when it is asked for. */
const maxRemembered = 64;

/** What one device has of files that it is receiving itself, as far as it has told. */
export interface Unfinished {
  /** Whether any is known. */
  isAny(): boolean;
  /** Whether the device has this block; undefined if its content is not known to be unfinished there. */
  has(item: BlockItem): boolean | undefined;
  /** Whether to ask for a block that it is not known to have, to learn what has come in. */
  isLookDue(content: Hash): boolean;
  /** Such a block was asked for. */
  looked(content: Hash): void;
  /** Whether the content is unfinished there and has grown lately. */
  isGrowing(content: Hash): boolean;
  /** The device told what it has of a content. */
  told(part: PartOfContent): void;
  /** The device has all of the content, or none. */
  over(content: Hash): void;
}

interface Known {
  readonly spans: readonly Span[];
  readonly grewAt: number;
  lookAt: number;
}

/** Nothing known yet. */
export function createUnfinished(clock: Clock): Unfinished {
  const known = new Map<Hash, Known>();
  return {
    isAny: () => known.size > 0,
    has(item) {
      const part = known.get(item.content);
      return part && covers(part.spans, item.offset, item.offset + item.sizeBytes);
    },
    isLookDue(content) {
      const part = known.get(content);
      return part !== undefined && clock.monotonic() >= part.lookAt;
    },
    looked(content) {
      const part = known.get(content);
      if (part !== undefined) part.lookAt = clock.monotonic() + lookEveryMs;
    },
    isGrowing(content) {
      const part = known.get(content);
      return part !== undefined && clock.monotonic() - part.grewAt < stalledMs;
    },
    told({ content, spans }) {
      const now = clock.monotonic();
      const before = known.get(content);
      const hasGrown = before === undefined || bytesIn(spans) > bytesIn(before.spans);
      known.delete(content);
      known.set(content, { spans, grewAt: hasGrown ? now : before.grewAt, lookAt: now + lookEveryMs });
      for (const oldest of known.keys()) {
        if (known.size <= maxRemembered) break;
        known.delete(oldest);
      }
    },
    over: (content) => void known.delete(content),
  };
}

/** Whether one of `spans` has all bytes from `start` up to `end`. */
function covers(spans: readonly Span[], start: number, end: number): boolean {
  const span = spans[firstPlace(0, spans.length, (place) => (spans[place] as Span).end <= start)];
  return span !== undefined && span.start <= start && end <= span.end;
}

function bytesIn(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}
