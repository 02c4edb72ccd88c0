import fs from 'node:fs/promises';
import path from 'node:path';
import type { WindowMethods } from './ipc/contract.ts';

/** Kinds of files that only show something; whatever else a copy is, its directory is opened instead of it. */
const shownKinds: ReadonlySet<string> = new Set(
  (
    'txt md csv log json xml rtf pdf epub odt ods odp doc docx xls xlsx ppt pptx ' +
    'png jpg jpeg gif webp avif bmp tif tiff heic svg mp3 m4a ogg flac wav mp4 m4v mov mkv webm avi'
  ).split(' '),
);
/** LIMIT: of a name; what the copy is called beyond that helps nobody. */
const maxNameLength = 120;

/** Copies of versions, for programs to look at. */
export interface Copies {
  /** Writes one and opens it, or shows where it is; resolves to whether that worked. Rejects with the engine's refusal, with nothing left behind. */
  open(wish: { readonly path: string; readonly version: string }): Promise<boolean>;
  /** Removes all there are; for when the app begins and ends. */
  clear(): Promise<void>;
}

/** What copies need: the engine's bytes, a directory of the app's own, and the system's ways to open. */
export interface CopiesDependencies {
  readonly directory: string;
  readVersion(wish: WindowMethods['versionRead']['takes']): Promise<WindowMethods['versionRead']['gives']>;
  openPath(path: string): Promise<string>;
  showInDirectory(path: string): void;
}

/** Copies go into `directory`, each into one of its own, readable by this user only. */
export function createCopies(dependencies: CopiesDependencies): Copies {
  const { directory, readVersion, openPath, showInDirectory } = dependencies;
  return {
    async open({ path: place, version }) {
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      const own = await fs.mkdtemp(path.join(directory, 'copy-'));
      const copy = path.join(own, copyName(place));
      try {
        const file = await fs.open(copy, 'wx', 0o600);
        try {
          for (let offset = 0; ; ) {
            const { bytes, size } = await readVersion({ path: place, version, offset });
            offset += (await file.write(Buffer.from(bytes, 'base64'))).bytesWritten;
            if (bytes === '' || offset >= size) break;
          }
        } finally {
          await file.close();
        }
        await fs.chmod(copy, 0o400);
      } catch (error) {
        await fs.rm(own, { recursive: true, force: true });
        throw error;
      }
      if (shownKinds.has(path.extname(copy).slice(1).toLowerCase())) return (await openPath(copy)) === '';
      showInDirectory(copy);
      return true;
    },
    clear: () => fs.rm(directory, { recursive: true, force: true }),
  };
}

/** The name of the file in a place, without what some disk or program would read as more than a name. */
export function copyName(place: string): string {
  const name = place.slice(place.lastIndexOf('/') + 1).replace(/^[0-9a-f]{32}:/, '');
  const plain = name.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '_').replace(/[. ]+$/, '');
  const extension = path.extname(plain).slice(0, 20);
  const stem = plain.slice(0, plain.length - path.extname(plain).length);
  return `${stem.slice(0, maxNameLength)}${extension}` || 'copy';
}
