import type { DeviceKey, FolderId } from '../model/ids.ts';
import type { FolderMode } from '../protocol/protocol.ts';
import { hasBit } from './bitset.ts';
import type { OpGraph, OpNode } from './op-graph.ts';
import type { Resolution } from './resolve.ts';

/** What the group has agreed about one folder. */
export interface FolderGrants {
  /** What every device may do with it; undefined if nothing was said. */
  readonly everyone: FolderAccess | undefined;
  /** Where a single device differs. */
  readonly byDevice: ReadonlyMap<DeviceKey, FolderAccess>;
}

/** What a device may do with a folder: change it, only receive it, or neither. */
export type FolderAccess = FolderMode | 'withdrawn';

/** What an active device may do with a folder of which the group has agreed `grants`; a folder nobody spoke of may be changed by all. */
export function folderAccess(grants: FolderGrants | undefined, device: DeviceKey): FolderAccess {
  return grants?.byDevice.get(device) ?? grants?.everyone ?? 'rw';
}

/** The folders of a group by the operations that still stand. Of statements made without knowledge of each other a withdrawal wins, then `ro`. */
export function resolveFolders(graph: OpGraph, resolution: Resolution): ReadonlyMap<FolderId, FolderGrants> {
  const latest = new Map<FolderId, Map<DeviceKey | 'everyone', OpNode[]>>();
  for (const node of graph.nodes) {
    const { body } = node.op;
    if (body.kind !== 'folder' || !resolution.stands(node)) continue;
    const subjects = latest.get(body.folderId) ?? new Map<DeviceKey | 'everyone', OpNode[]>();
    latest.set(body.folderId, subjects);
    const subject = body.key ?? 'everyone';
    const notSuperseded = (subjects.get(subject) ?? []).filter((other) => !hasBit(node.past, other.index));
    subjects.set(subject, [...notSuperseded, node]);
  }
  const folders = new Map<FolderId, FolderGrants>();
  for (const [folderId, subjects] of latest) {
    const byDevice = new Map<DeviceKey, FolderAccess>();
    let everyone: FolderAccess | undefined;
    for (const [subject, nodes] of subjects) {
      const verdict = strictest(nodes);
      if (subject !== 'everyone') byDevice.set(subject, verdict);
      else everyone = verdict;
    }
    folders.set(folderId, { everyone, byDevice });
  }
  return folders;
}

function strictest(nodes: readonly OpNode[]): FolderAccess {
  let verdict: FolderMode = 'rw';
  for (const { op } of nodes) {
    if (op.body.kind !== 'folder') continue;
    if (op.body.verb === 'withdraw') return 'withdrawn';
    if (op.body.mode === 'ro') verdict = 'ro';
  }
  return verdict;
}
