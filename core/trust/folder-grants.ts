import type { DeviceKey, FolderId, Hash } from '../model/ids.ts';
import type { FolderMode } from '../protocol/protocol.ts';
import { hasBit } from './bitset.ts';
import type { OpGraph, OpNode } from './op-graph.ts';
import type { Resolution } from './resolve.ts';

/** What the group has agreed about one folder. */
export interface FolderGrants {
  /** What every device may do with it; undefined if nothing was said. */
  readonly everyone: FolderAccess | undefined;
  /** Where a single device differs. */
  readonly byDevice: ReadonlyMap<DeviceKey, DeviceGrant>;
}

/** What was said of one device. */
export interface DeviceGrant {
  readonly access: FolderAccess;
  /** What those who said that it may not change the folder name as the lists of what still stands of it; undefined for one who named none. */
  readonly cuts: readonly (Hash | undefined)[];
}

/** What a device may do with a folder: change it, only receive it, or neither. */
export type FolderAccess = FolderMode | 'withdrawn';

/** What an active device may do with a folder of which the group has agreed `grants`; a folder nobody spoke of may be changed by all. */
export function folderAccess(grants: FolderGrants | undefined, device: DeviceKey): FolderAccess {
  return grants?.byDevice.get(device)?.access ?? grants?.everyone ?? 'rw';
}

type Subject = DeviceKey | 'everyone';

/**
 * The folders of a group by the operations that still stand. Of statements made without knowledge of each other a withdrawal wins, then `ro`. Of a device that was itself told
 * to change nothing in a folder, what it says about that folder does not count.
 */
export function resolveFolders(graph: OpGraph, resolution: Resolution): ReadonlyMap<FolderId, FolderGrants> {
  const said = new Map<FolderId, Map<Subject, OpNode[]>>();
  for (const node of graph.nodes) {
    const { body, author } = node.op;
    if (body.kind !== 'folder' || !resolution.stands(node)) continue;
    const subjects = said.get(body.folderId) ?? new Map<Subject, OpNode[]>();
    said.set(body.folderId, subjects);
    const ofAuthor = (subjects.get(author) ?? []).filter(({ index }) => hasBit(node.past, index));
    if (strictest(newest(ofAuthor)) !== 'rw') continue;
    const subject = body.key ?? 'everyone';
    const before = subjects.get(subject);
    if (before === undefined) subjects.set(subject, [node]);
    else before.push(node);
  }
  const folders = new Map<FolderId, FolderGrants>();
  for (const [folderId, subjects] of said) {
    const byDevice = new Map<DeviceKey, DeviceGrant>();
    let everyone: FolderAccess | undefined;
    for (const [subject, nodes] of subjects) {
      const last = newest(nodes);
      const access = strictest(last);
      if (subject === 'everyone') everyone = access;
      else byDevice.set(subject, { access, cuts: cutsIn(last) });
    }
    folders.set(folderId, { everyone, byDevice });
  }
  return folders;
}

/** Those of `nodes`, each after what it builds on, that no other of them has seen. */
function newest(nodes: readonly OpNode[]): readonly OpNode[] {
  const last: OpNode[] = [];
  for (const node of nodes.toReversed())
    if (!last.some(({ past }) => hasBit(past, node.index))) last.push(node);
  return last;
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

function cutsIn(nodes: readonly OpNode[]): readonly (Hash | undefined)[] {
  return nodes.flatMap(({ op: { body } }) =>
    body.kind === 'folder' && (body.verb === 'withdraw' || body.mode === 'ro') ? [body.cut] : [],
  );
}
