import { decodeText, type Decoded } from './decode-text.ts';
import type { EngineClient } from './engine-client.ts';

/** LIMIT: of a text that is shown or compared, bytes. */
const maxTextBytes = 512 * 1024;
/** LIMIT: of a picture that is shown, bytes. */
const maxPictureBytes = 24 * 1024 * 1024;

/** What a window can show of a version. */
export type Preview =
  | { readonly kind: 'text'; readonly decoded: Extract<Decoded, { kind: 'text' }> }
  | { readonly kind: 'picture'; readonly source: string }
  /** No text and no picture, or more than is shown. */
  | { readonly kind: 'facts'; readonly why: 'other' | 'too-large' };

/** A version of a path in a folder, as far as a preview needs it. */
export interface PreviewWish {
  /** `FOLDERID:relative/path`. */
  readonly path: string;
  readonly version: string;
  readonly sizeBytes: number;
}

const pictureKinds: readonly { readonly type: string; readonly begins: RegExp }[] = [
  { type: 'image/png', begins: /^\x89PNG\r\n/ },
  { type: 'image/jpeg', begins: /^\xff\xd8\xff/ },
  { type: 'image/gif', begins: /^GIF8[79]a/ },
  { type: 'image/webp', begins: /^RIFF[^]{4}WEBP/ },
  { type: 'image/avif', begins: /^[^]{4}ftypavif/ },
  { type: 'image/bmp', begins: /^BM[^]{4}\0{4}/ },
];
const pictureNames = /\.(png|jpe?g|gif|webp|avif|bmp)$/i;

/** Reads a version and says what can be shown of it; rejects with Refusal, or when `signal` ends the waiting. */
export async function loadPreview(
  engine: EngineClient,
  wish: PreviewWish,
  signal: AbortSignal,
): Promise<Preview> {
  const mayBePicture = pictureNames.test(wish.path);
  if (wish.sizeBytes > (mayBePicture ? maxPictureBytes : maxTextBytes))
    return { kind: 'facts', why: 'too-large' };
  const base64 = await readWhole(engine, wish, signal);
  const binary = atob(base64);
  const type = pictureType(binary);
  if (type !== undefined) return { kind: 'picture', source: `data:${type};base64,${base64}` };
  if (wish.sizeBytes > maxTextBytes) return { kind: 'facts', why: 'too-large' };
  const decoded = decodeText(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  return decoded.kind === 'text' ? { kind: 'text', decoded } : { kind: 'facts', why: 'other' };
}

/** The kind of picture that bytes, a character each, begin like. */
export function pictureType(binary: string): string | undefined {
  return pictureKinds.find(({ begins }) => begins.test(binary.slice(0, 16)))?.type;
}

async function readWhole(
  engine: EngineClient,
  { path, version }: PreviewWish,
  signal: AbortSignal,
): Promise<string> {
  let text = '';
  for (let offset = 0; ; ) {
    const { bytes, size } = await engine.ask('versionRead', { path, version, offset }, signal);
    text += bytes;
    const padding = bytes.endsWith('==') ? 2 : bytes.endsWith('=') ? 1 : 0;
    offset += (bytes.length / 4) * 3 - padding;
    if (offset >= size || bytes === '') return text;
  }
}
