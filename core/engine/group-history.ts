import type { Hash } from '../model/ids.ts';
import { deviceKeyToText, type MembershipLog } from '../trust/trust.ts';
import type { GroupEvent } from './api.ts';

/** What happened to a group's membership, newest first; `heardAt` tells in wall milliseconds when this device learnt of an operation. */
export function groupHistory(
  log: MembershipLog,
  heardAt: (id: Hash) => number | undefined,
): readonly GroupEvent[] {
  const ops = log.ops();
  const resets = ops.filter(({ body }) => body.kind === 'reset').map(({ id }) => id);
  /** What a reset built upon has been settled by it, and was true before. */
  const settled = log.closureOf(resets);
  return ops
    .flatMap(({ id, author, body }): GroupEvent[] => {
      const at = heardAt(id);
      const facts = {
        id,
        at: at === undefined ? null : new Date(at).toISOString(),
        by: deviceKeyToText(author),
      };
      switch (body.kind) {
        case 'genesis':
          return [{ ...facts, kind: 'founded', devices: [deviceKeyToText(author)], how: null, counts: true }];
        case 'admit':
          return [
            {
              ...facts,
              kind: 'added',
              devices: [deviceKeyToText(body.key)],
              how: body.method,
              counts: settled.has(id) || log.stands(id),
            },
          ];
        case 'revoke': {
          const keys = body.targets.map(({ key }) => key);
          const counts =
            settled.has(id) || keys.some((key) => log.removalsOf(key).some((removal) => removal.id === id));
          return [
            { ...facts, kind: 'removed', devices: keys.map(deviceKeyToText), how: body.reason, counts },
          ];
        }
        case 'reset':
          return [
            { ...facts, kind: 'recovered', devices: body.keep.map(deviceKeyToText), how: null, counts: true },
          ];
        case 'folder':
        case 'merge':
        case 'lapse':
        case 'unknown':
          return [];
      }
    })
    .toReversed();
}
