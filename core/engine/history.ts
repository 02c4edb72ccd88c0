import type { FolderIndex, FormerVersion, KeptVersion } from '../file-index/file-index.ts';
import type { DeviceKey } from '../model/ids.ts';
import type { RelativePath } from '../model/path.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { HistoryVersion } from './api.ts';
import type { AttachedFolder } from './folders.ts';
import { versionOf } from './journal.ts';
import { versionNameOf } from './version-name.ts';
import { viewAt } from './view-at.ts';

/** LIMIT: changes of one path that are read. */
const maxChanges = 1_000;
/** LIMIT: versions of which the connected devices are asked whether they have them. */
const maxAsked = 20;

/** A version that was at a path, or stands beside what is there. */
export interface PastVersion extends FormerVersion {
  /** Wall milliseconds. */
  readonly replacedAt: number;
  /** Who wrote what took its place; undefined where that is not known. */
  readonly replacedBy: DeviceKey | undefined;
  readonly reason: KeptVersion['reason'];
}

/** Every version of a path this device knows of, each content once, newest first: what stands in a conflict, what it kept, and what only others may still have. */
export function pastVersionsOf(index: FolderIndex, path: RelativePath): PastVersion[] {
  const view = viewAt(index, path);
  const standing = view.conflicts.flatMap(([member]): PastVersion[] => {
    const version = member === undefined ? undefined : versionOf(member);
    if (member === undefined || version === undefined) return [];
    const replacedBy = view.winner?.author;
    return [{ ...version, replacedAt: member.entry.changedAt, replacedBy, reason: 'conflict' }];
  });
  const kept = index
    .versionsOf(path)
    .map(
      (version): PastVersion => ({ ...version, from: [], author: version.replacedBy ?? ('' as DeviceKey) }),
    );
  const told = index.changesOf(path, maxChanges).flatMap(({ at, kind, device, change }) =>
    (change?.before ?? []).map(
      (version): PastVersion => ({
        ...version,
        replacedAt: at,
        replacedBy: device,
        reason: kind === 'deleted' ? 'deleted' : 'replaced',
      }),
    ),
  );
  const known = new Map<string, PastVersion>();
  const newestFirst = [...told, ...kept].sort(
    (a, b) => Number(isFetched(a)) - Number(isFetched(b)) || b.replacedAt - a.replacedAt,
  );
  // What the journal says of a version goes before what the store says: it knows where the version came from.
  for (const version of [...standing, ...newestFirst]) {
    const name = versionNameOf(version.content);
    const other = known.get(name);
    if (other === undefined) known.set(name, version);
    else if (other.from.length === 0 && version.from.length > 0)
      known.set(name, { ...other, from: version.from, author: version.author });
  }
  return [...known.values()].sort((a, b) => b.replacedAt - a.replacedAt);
}

/** Whether it was only brought here to be looked at: that tells nothing of when it was replaced. */
function isFetched({ reason }: PastVersion): boolean {
  return reason === 'fetched';
}

/** The same as it is told, with who of the connected devices has what is asked about. */
export async function historyOf(
  { index, session }: AttachedFolder,
  path: RelativePath,
  signal: AbortSignal,
): Promise<HistoryVersion[]> {
  const contents = session?.contents();
  const current = index.view(path)?.content;
  const versions = pastVersionsOf(index, path);
  return Promise.all(
    versions.map(async (version, i): Promise<HistoryVersion> => {
      const { content, replacedAt, replacedBy, reason } = version;
      const isFile = content.kind === 'file';
      const holders =
        isFile && contents !== undefined && i < maxAsked
          ? await contents.holders(content.content, content.sizeBytes, signal)
          : [];
      const name = versionNameOf(content);
      return {
        version: name,
        device: replacedBy === undefined ? '' : deviceKeyToText(replacedBy),
        replacedAt: new Date(replacedAt).toISOString(),
        size: isFile ? content.sizeBytes : 0,
        hash: isFile ? content.content : null,
        kind: content.kind,
        reason,
        here: !isFile || isHere(index, content.content),
        holders: holders.map(deviceKeyToText),
        current: current !== undefined && versionNameOf(current) === name,
      };
    }),
  );
}

/** Whether a content's bytes lie on this disk, shown at a path or kept as a version. */
export function isHere(index: FolderIndex, content: Parameters<FolderIndex['versionHolding']>[0]): boolean {
  return index.pathsHolding(content, 1).length > 0 || index.versionHolding(content) !== undefined;
}
