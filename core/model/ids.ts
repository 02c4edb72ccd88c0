/** A `T` that only the functions named after `Name` make, so that one kind of text is never taken for another. */
export type Branded<T, Name extends string> = T & { readonly __brand: Name };

/** An installation's public key: 32 bytes as 64 hexadecimal characters. People see it as {@link deviceKeyToText}. */
export type DeviceKey = Branded<string, 'DeviceKey'>;
/** A folder's random name: 16 bytes as 32 hexadecimal characters. */
export type FolderId = Branded<string, 'FolderId'>;
/** One index file on one machine: 8 random bytes as 16 hexadecimal characters, bound to a device key by the signature of its change sets. */
export type IncarnationId = Branded<string, 'IncarnationId'>;
/** A SHA-256 (blocks, entries, change sets, log operations) or SHA-512/256 (manifest nodes): 32 bytes as 64 hexadecimal characters. */
export type Hash = Branded<string, 'Hash'>;
/** The first 8 bytes of a content's {@link Hash}, as 16 hexadecimal characters. */
export type HashPrefix = Branded<string, 'HashPrefix'>;

const hexOf = (length: number, what: string) => (text: string) => {
  if (text.length !== length || /[^0-9a-f]/.test(text))
    throw new RangeError(`${what}: expected ${length} hexadecimal characters`);
  return text;
};
const checkDeviceKey = hexOf(64, 'device key');
const checkFolderId = hexOf(32, 'folder id');
const checkIncarnation = hexOf(16, 'incarnation');
const checkHash = hexOf(64, 'hash');
const checkPrefix = hexOf(16, 'hash prefix');

/** Brands `text` after checking its form; throws RangeError. */
export const deviceKey = (text: string): DeviceKey => checkDeviceKey(text) as DeviceKey;
/** Brands `text` after checking its form; throws RangeError. */
export const folderId = (text: string): FolderId => checkFolderId(text) as FolderId;
/** Brands `text` after checking its form; throws RangeError. */
export const incarnationId = (text: string): IncarnationId => checkIncarnation(text) as IncarnationId;
/** Brands `text` after checking its form; throws RangeError. */
export const hash = (text: string): Hash => checkHash(text) as Hash;
/** Brands `text` after checking its form; throws RangeError. */
export const hashPrefix = (text: string): HashPrefix => checkPrefix(text) as HashPrefix;
/** The prefix that stands for `content` in an entry's `from`. */
export const prefixOf = (content: Hash): HashPrefix => content.slice(0, 16) as HashPrefix;
