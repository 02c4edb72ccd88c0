import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const endOfDirectory = Buffer.from('PK\x05\x06', 'latin1');
const directoryEntry = 0x02014b50;
const linkMode = 0xa000;

/**
 * Unpacks a zip file: stored and deflated entries, Unix modes, symbolic links. Written out because a bare system has
 * no `unzip`. Knows no zip64, no encryption; throws on what it does not know.
 * @param {string} file
 * @param {(name: string) => string | undefined} placeOf where an entry goes; undefined leaves it out
 */
export function unzip(file, placeOf) {
  const zip = fs.openSync(file, 'r');
  try {
    for (const entry of readDirectory(zip)) {
      if (entry.name.endsWith('/')) continue;
      if (entry.name.startsWith('/') || entry.name.split('/').includes('..')) {
        throw new Error(`${file}: entry outside the folder: ${entry.name}`);
      }
      const place = placeOf(entry.name);
      if (place === undefined) continue;
      const bytes = readEntry(zip, entry);
      fs.mkdirSync(path.dirname(place), { recursive: true });
      if ((entry.mode & 0xf000) === linkMode) fs.symlinkSync(bytes.toString(), place);
      else fs.writeFileSync(place, bytes, { mode: entry.mode & 0o777 || 0o644 });
    }
  } finally {
    fs.closeSync(zip);
  }
}

/** @param {number} zip @param {number} at @param {number} length */
function readAt(zip, at, length) {
  const bytes = Buffer.alloc(length);
  if (fs.readSync(zip, bytes, 0, length, at) !== length) throw new Error('the zip file ends too early');
  return bytes;
}

/** @param {number} zip */
function* readDirectory(zip) {
  const { size } = fs.fstatSync(zip);
  const tailLength = Math.min(size, 22 + 0xffff);
  const tail = readAt(zip, size - tailLength, tailLength);
  const end = tail.lastIndexOf(endOfDirectory);
  if (end < 0) throw new Error('not a zip file');
  const count = tail.readUInt16LE(end + 10);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || start === 0xffffffff) throw new Error('zip64 is not supported');
  const directory = readAt(zip, start, tail.readUInt32LE(end + 12));
  for (let at = 0, seen = 0; seen < count; seen++) {
    if (directory.readUInt32LE(at) !== directoryEntry) throw new Error('the zip directory is damaged');
    const nameLength = directory.readUInt16LE(at + 28);
    yield {
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      at: directory.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

/** @param {number} zip @param {{ name: string, method: number, packedBytes: number, at: number }} entry */
function readEntry(zip, { name, method, packedBytes, at }) {
  const header = readAt(zip, at, 30);
  const packed = readAt(zip, at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), packedBytes);
  if (method === 0) return packed;
  if (method === 8) return zlib.inflateRawSync(packed);
  throw new Error(`${name}: unknown zip method ${method}`);
}
