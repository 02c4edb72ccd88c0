import { createLimiter, type Log } from '../base/base.ts';
import { unreachable } from '../base/pure.ts';
import type { SignedEntry } from '../file-index/file-index.ts';
import type { DeviceKey, FolderId } from '../model/ids.ts';
import { type IndexMessage, maxChunksPerFrame, misshapen } from '../protocol/protocol.ts';
import { createEntryPacker, inFrames } from './entry-frames.ts';
import type { EntryPage, FolderDoor, MayAccess } from './folder-door.ts';

/** LIMIT: questions one peer may have waiting in each lane; an honest one has far fewer. */
const maxWaiting = 64;
/** LIMIT: bytes of entries read from the index at once. */
const pageBytes = 128 * 1024;
/** LIMIT: keys looked up at once. */
const pageKeys = 128;
/** LIMIT: chunks of a manifest in one frame this device sends, 216 KiB. */
const frameChunks = Math.min(6144, maxChunksPerFrame);

/** A question a peer may ask on `/lockstep/ctl/1`. */
export type IndexRequest = Extract<
  IndexMessage,
  { readonly type: 'get-nodes' | 'get-entries' | 'get-manifest' }
>;

/** What answering needs. */
export interface IndexServerDependencies {
  readonly peer: DeviceKey;
  readonly log: Log;
  folder(folderId: FolderId): FolderDoor | undefined;
  readonly mayAccess: MayAccess;
  readonly send: (message: IndexMessage) => Promise<void>;
}

/** Answers one peer's questions. */
export interface IndexServer {
  /** Takes a question in; the answer follows by itself. Manifests do not wait behind entries. Throws SyncError `peer-misbehaved` if too many wait. */
  take(request: IndexRequest): void;
}

/** A server for one peer; what it sends is paced by `send`. */
export function createIndexServer(dependencies: IndexServerDependencies): IndexServer {
  const { peer, log, send, mayAccess } = dependencies;
  const lanes = { index: createLimiter(1), manifest: createLimiter(1) };
  /** The folder, if the peer may have it at this moment. */
  const open = (folderId: FolderId): FolderDoor | undefined =>
    mayAccess(peer, folderId) ? dependencies.folder(folderId) : undefined;

  async function answer(request: IndexRequest): Promise<void> {
    switch (request.type) {
      case 'get-nodes': {
        const door = open(request.folderId);
        const nodes =
          door === undefined ? [] : request.prefixes.map((prefix) => door.trieNode(request.trie, prefix));
        return send({ type: 'nodes', id: request.id, nodes });
      }
      case 'get-entries':
        return sendEntries(request);
      case 'get-manifest':
        return sendManifest(request);
      default:
        return unreachable(request);
    }
  }

  async function sendEntries(request: Extract<IndexRequest, { type: 'get-entries' }>): Promise<void> {
    const { id, folderId } = request;
    const say = (ending: 'end' | 'refused'): Promise<void> =>
      send({ type: 'entries', id, folderId, sets: [], entries: [], ending });
    const packer = createEntryPacker((set) => dependencies.folder(folderId)?.changeSet(set));
    let held: readonly SignedEntry[] | undefined;
    const sendHeld = async (ending: 'more' | 'end'): Promise<void> => {
      if (held === undefined) return;
      const frame = packer.pack(held, ending === 'more');
      held = undefined;
      await send({ type: 'entries', id, folderId, ...frame, ending });
    };
    for (const page of pages(request)) {
      if (page === undefined) return say('refused');
      for (const frame of inFrames(page)) {
        await sendHeld('more');
        held = frame;
      }
    }
    if (open(folderId) === undefined) return say('refused');
    if (held === undefined) return say('end');
    return sendHeld('end');
  }

  /** What was asked for, piece by piece, each read when it is its turn; undefined as soon as the peer may not have it. */
  function* pages(
    request: Extract<IndexRequest, { type: 'get-entries' }>,
  ): Generator<readonly SignedEntry[] | undefined> {
    for (let at = 0; at < request.keys.length; at += pageKeys)
      yield open(request.folderId)?.entriesByKeys(request.keys.slice(at, at + pageKeys));
    for (const prefix of request.prefixes) {
      let after: string | undefined = '';
      while (after !== undefined) {
        const page: EntryPage | undefined = open(request.folderId)?.entriesUnder(prefix, after, pageBytes);
        yield page?.entries;
        after = page?.continueAfter;
      }
    }
  }

  async function sendManifest(request: Extract<IndexRequest, { type: 'get-manifest' }>): Promise<void> {
    const { id, folderId, content } = request;
    const door = open(folderId);
    const manifest = door?.manifest(content);
    if (manifest === undefined) {
      const status = door === undefined ? 'not-allowed' : 'not-here';
      const hashes = new Uint8Array(0);
      const sizes = new Uint32Array(0);
      return send({
        type: 'manifest',
        id,
        status,
        sizeBytes: 0,
        totalChunks: 0,
        firstChunk: 0,
        hashes,
        sizes,
      });
    }
    const totalChunks = manifest.sizes.length;
    for (let firstChunk = 0; firstChunk < totalChunks; firstChunk += frameChunks) {
      const end = Math.min(firstChunk + frameChunks, totalChunks);
      const hashes = manifest.hashes.subarray(firstChunk * 32, end * 32);
      const sizes = manifest.sizes.subarray(firstChunk, end);
      const { sizeBytes } = manifest;
      await send({ type: 'manifest', id, status: 'here', sizeBytes, totalChunks, firstChunk, hashes, sizes });
    }
  }

  return {
    take(request) {
      const lane = request.type === 'get-manifest' ? lanes.manifest : lanes.index;
      if (lane.load.waiting >= maxWaiting) throw misshapen('too-many-requests');
      lane
        .run(() => answer(request))
        .catch((error: unknown) =>
          log.write('warn', 'a question was not answered', { peer, type: request.type, error }),
        );
    },
  };
}
