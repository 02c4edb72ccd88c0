// Draws the tray and program icons: a shape for each state, so that colour is never the only sign.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

/** @typedef {(x: number, y: number) => boolean} Shape whether a point of the unit square (y downwards) is drawn */

/** @param {number} x @param {number} y */
const fromCentre = (x, y) => Math.hypot(x - 0.5, y - 0.5);

/**
 * Whether a point is within `half` of the line between two others.
 * @param {number} x @param {number} y
 * @param {readonly [number, number]} a @param {readonly [number, number]} b
 * @param {number} half
 */
function nearLine(x, y, [ax, ay], [bx, by], half) {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) <= half;
}

/** @type {Shape} */
const disc = (x, y) => fromCentre(x, y) < 0.47;
/** @type {Shape} */
const check = (x, y) =>
  nearLine(x, y, [0.28, 0.52], [0.44, 0.68], 0.065) || nearLine(x, y, [0.44, 0.68], [0.73, 0.35], 0.065);
/** @type {Shape} */
const bars = (x, y) => y > 0.28 && y < 0.72 && Math.abs(Math.abs(x - 0.5) - 0.12) < 0.06;
/** @type {Shape} */
const triangle = (x, y) => y > 0.06 && y < 0.94 && Math.abs(x - 0.5) < (y - 0.06) * 0.56;
/** @type {Shape} */
const exclamation = (x, y) =>
  nearLine(x, y, [0.5, 0.4], [0.5, 0.62], 0.055) || Math.hypot(x - 0.5, y - 0.79) < 0.065;
/** @type {Shape} */
const ring = (x, y) => Math.abs(fromCentre(x, y) - 0.4) < 0.065;
/** @type {Shape} */
const stroke = (x, y) => nearLine(x, y, [0.16, 0.84], [0.84, 0.16], 0.065);

/** Two arrows that follow each other round a circle. @type {Shape} */
const arrows = (x, y) => {
  const half = (/** @type {number} */ px, /** @type {number} */ py) => {
    const isArc = Math.abs(fromCentre(px, py) - 0.36) < 0.075 && py < 0.5 && px < 0.74;
    const isHead = px > 0.66 && px < 0.98 && py > 0.36 && py < 0.6 && Math.abs(px - 0.82) < (0.6 - py) * 0.67;
    return isArc || isHead;
  };
  return half(x, y) || half(1 - x, 1 - y);
};

/** What the tray can show. @type {Record<string, { shape: Shape, colour: readonly [number, number, number] }>} */
const states = {
  idle: { shape: (x, y) => disc(x, y) && !check(x, y), colour: [46, 160, 67] },
  syncing: { shape: arrows, colour: [53, 132, 228] },
  paused: { shape: (x, y) => disc(x, y) && !bars(x, y), colour: [138, 138, 142] },
  attention: { shape: (x, y) => triangle(x, y) && !exclamation(x, y), colour: [230, 97, 0] },
  offline: { shape: (x, y) => ring(x, y) || stroke(x, y), colour: [138, 138, 142] },
};

/** @type {Shape} */
const square = (x, y) => {
  const corner = 0.22;
  const dx = Math.max(Math.abs(x - 0.5) - (0.5 - corner), 0);
  const dy = Math.max(Math.abs(y - 0.5) - (0.5 - corner), 0);
  return Math.hypot(dx, dy) < corner;
};

/**
 * A square image, `pixels` wide, as RGBA rows; edges are smooth by 4 × 4 samples a pixel.
 * @param {number} pixels
 * @param {readonly { shape: Shape, colour: readonly [number, number, number] }[]} layers bottom first
 */
function draw(pixels, layers) {
  const image = Buffer.alloc(pixels * pixels * 4);
  const samples = 4;
  for (let at = 0; at < pixels * pixels; at++) {
    const sum = [0, 0, 0, 0];
    for (let sample = 0; sample < samples * samples; sample++) {
      const x = ((at % pixels) + ((sample % samples) + 0.5) / samples) / pixels;
      const y = (Math.floor(at / pixels) + (Math.floor(sample / samples) + 0.5) / samples) / pixels;
      const top = layers.findLast(({ shape }) => shape(x, y));
      if (top === undefined) continue;
      [...top.colour, 255].forEach((value, channel) => {
        sum[channel] = (sum[channel] ?? 0) + value;
      });
    }
    const drawn = (sum[3] ?? 0) / 255;
    if (drawn === 0) continue;
    image.set(
      [sum[0], sum[1], sum[2], ((sum[3] ?? 0) / samples ** 2) * drawn].map((value) =>
        Math.round((value ?? 0) / drawn),
      ),
      at * 4,
    );
  }
  return image;
}

/** @param {string} type @param {Buffer} data */
function pngChunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(zlib.crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/** @param {number} pixels @param {Buffer} image */
function png(pixels, image) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  header.set([8, 6], 8); // 8 bits a channel, RGBA
  const rows = Buffer.alloc(pixels * (pixels * 4 + 1));
  for (let y = 0; y < pixels; y++)
    image.copy(rows, y * (pixels * 4 + 1) + 1, y * pixels * 4, (y + 1) * pixels * 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', zlib.deflateSync(rows, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A Windows icon of several sizes. @param {readonly { pixels: number, bytes: Buffer }[]} images */
function ico(images) {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ pixels, bytes }, index) => {
    const at = 6 + 16 * index;
    header.set([pixels % 256, pixels % 256, 0, 0, 1, 0, 32, 0], at);
    header.writeUInt32LE(bytes.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([header, ...images.map(({ bytes }) => bytes)]);
}

/**
 * Writes every icon into `folder`: `tray-STATE.png` and `@2x` for Linux, `tray-STATETemplate.png` and `@2x` for macOS
 * (black, the system colours it), `tray-STATE.ico` for Windows; `app.png` and `app.ico` for the program.
 * @param {string} folder
 */
export function drawIcons(folder) {
  fs.mkdirSync(folder, { recursive: true });
  /** @param {string} name @param {Buffer} bytes */
  const write = (name, bytes) => fs.writeFileSync(path.join(folder, name), bytes);
  for (const [state, { shape, colour }] of Object.entries(states)) {
    const coloured = (/** @type {number} */ pixels) => png(pixels, draw(pixels, [{ shape, colour }]));
    const black = (/** @type {number} */ pixels) => png(pixels, draw(pixels, [{ shape, colour: [0, 0, 0] }]));
    write(`tray-${state}.png`, coloured(22));
    write(`tray-${state}@2x.png`, coloured(44));
    write(`tray-${state}Template.png`, black(16));
    write(`tray-${state}Template@2x.png`, black(32));
    write(
      `tray-${state}.ico`,
      ico([16, 20, 24, 32, 48].map((pixels) => ({ pixels, bytes: coloured(pixels) }))),
    );
  }
  /** @type {Shape} */
  const mark = (x, y) => arrows((x - 0.5) / 0.72 + 0.5, (y - 0.5) / 0.72 + 0.5);
  const program = (/** @type {number} */ pixels) =>
    png(
      pixels,
      draw(pixels, [
        { shape: square, colour: [26, 95, 180] },
        { shape: mark, colour: [255, 255, 255] },
      ]),
    );
  write('app.png', program(512));
  write('app.ico', ico([16, 32, 48, 256].map((pixels) => ({ pixels, bytes: program(pixels) }))));
}
