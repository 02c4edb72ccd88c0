// Makes a PNG small enough to be kept: at most 256 colours, of which a window has few more.
import zlib from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** LIMIT of the format. */
const maxColours = 256;

/**
 * The same picture with the 256 colours that it has most of; any other becomes the nearest of them. Takes PNGs of 8 bits a channel without interlacing; throws RangeError for others.
 * @param {Buffer} png
 */
export function smallPng(png) {
  const { width, height, channels, rows } = readPng(png);
  /** @type {Map<number, number>} */
  const counts = new Map();
  const colours = new Uint32Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * channels;
      const [red = 0, green = 0, blue = 0] = rows.subarray(at, at + 3);
      const colour = (red << 16) | (green << 8) | blue;
      colours[y * width + x] = colour;
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  const palette = [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, maxColours)
    .map(([colour]) => colour);
  /** @type {Map<number, number>} */
  const indexes = new Map(palette.map((colour, index) => [colour, index]));
  const pixels = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const colour = /** @type {number} */ (colours[y * width + x]);
      let index = indexes.get(colour);
      if (index === undefined) {
        index = nearest(palette, colour);
        indexes.set(colour, index);
      }
      pixels[y * (width + 1) + 1 + x] = index;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', zlib.deflateSync(pixels, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * @param {readonly number[]} palette
 * @param {number} colour
 */
function nearest(palette, colour) {
  let [best, bestDistance] = [0, Number.POSITIVE_INFINITY];
  const wanted = channelsOf(colour);
  palette.forEach((each, index) => {
    const distance = channelsOf(each).reduce(
      (sum, value, channel) => sum + (value - /** @type {number} */ (wanted[channel])) ** 2,
      0,
    );
    if (distance < bestDistance) [best, bestDistance] = [index, distance];
  });
  return best;
}

/** @param {number} colour */
function channelsOf(colour) {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}

/** @param {Buffer} png */
function readPng(png) {
  if (!png.subarray(0, 8).equals(signature)) throw new RangeError('not a PNG');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[/** @type {number} */ (png[25])];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new RangeError('a PNG of another kind');
  const parts = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const filtered = zlib.inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const rows = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1)
    for (let i = 0; i < stride; i += 1) {
      const to = y * stride + i;
      const left = i < channels ? 0 : /** @type {number} */ (rows[to - channels]);
      const up = y === 0 ? 0 : /** @type {number} */ (rows[to - stride]);
      const corner = i < channels || y === 0 ? 0 : /** @type {number} */ (rows[to - stride - channels]);
      const filter = /** @type {number} */ (filtered[y * (stride + 1)]);
      const told = /** @type {number} */ (filtered[y * (stride + 1) + 1 + i]);
      rows[to] = told + guess(filter, left, up, corner);
    }
  return { width, height, channels, rows };
}

/**
 * What the format's filters add to a byte.
 * @param {number} filter
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function guess(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [byLeft, byUp, byCorner] = [
    Math.abs(up - corner),
    Math.abs(left - corner),
    Math.abs(left + up - 2 * corner),
  ];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/**
 * @param {string} name
 * @param {Buffer} data
 */
function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(zlib.crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}
