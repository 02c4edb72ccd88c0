import { Buffer } from 'node:buffer';
import { SyncError } from '../model/errors.ts';
import { pastVersionsOf } from './history.ts';
import { type Place, sessionOf } from './places.ts';
import { standingVersions, wantedOf } from './restore.ts';
import { findVersion } from './version-name.ts';

/** LIMIT: bytes in one answer; a multiple of three, so that the texts of several answers are one text. */
const maxAnswerBytes = 3 * 1024 * 1024;

/**
 * Bytes of a version of a file. At the start the whole content is looked for, on this disk and with the devices connected now, and checked; what follows
 * is read from where that was found. Throws SyncError `not-found` (the version, or its content), `bad-argument`, `not-allowed`, `no-space`, `disk-failed`.
 */
export async function readVersion(
  { folder, path }: Place,
  wish: {
    readonly version: string;
    readonly offset: number | undefined;
    readonly lengthBytes: number | undefined;
  },
  signal: AbortSignal,
): Promise<{ readonly bytes: string; readonly size: number }> {
  const { version: name, offset = 0, lengthBytes = maxAnswerBytes } = wish;
  if (path === undefined) throw new SyncError('bad-argument', { what: 'path', text: '' });
  const contents = sessionOf(folder).contents();
  if (contents === undefined)
    throw new SyncError('directory-missing', { path: folder.settings.path }, { retry: 'after-user' });
  const { index } = folder;
  const version = findVersion([...pastVersionsOf(index, path), ...standingVersions(index, path)], name);
  const { content } = version;
  if (content.kind !== 'file') throw new SyncError('bad-argument', { what: 'version', reason: 'no-file' });
  if (content.sizeBytes === 0) return { bytes: '', size: 0 };
  if (offset === 0) await contents.obtain(wantedOf(path, version), signal);
  const bytes = contents.read(content.content, offset, Math.min(lengthBytes, maxAnswerBytes));
  if (bytes === undefined) throw new SyncError('not-found', { what: 'content', path }, { retry: 'soon' });
  return { bytes: Buffer.from(bytes).toString('base64'), size: content.sizeBytes };
}
