import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const SIDE = 28;
/** Screen pixels for each pixel, and between images. */
const SCALE = 3;
const GAP = 4;

/**
 * Writes 28 x 28 images as a PNG, `columns` a line: 0 white, 1 black.
 *
 * Source: Portable Network Graphics, W3C 2003: greyscale of 8 bits, no filter.
 * @param {string} path @param {Float32Array} images @param {number} columns
 */
export function writePicture(path, images, columns) {
  const count = images.length / (SIDE * SIDE);
  const cell = SIDE * SCALE + GAP;
  const width = columns * cell + GAP;
  const height = Math.ceil(count / columns) * cell + GAP;
  // Each line of the picture has the number of its filter before it: 0, none.
  const lines = Buffer.alloc((width + 1) * height, 0xc0);
  for (let y = 0; y < height; y++) lines[y * (width + 1)] = 0;
  for (let i = 0; i < count; i++) {
    const left = GAP + (i % columns) * cell;
    const top = GAP + Math.floor(i / columns) * cell;
    for (let y = 0; y < SIDE * SCALE; y++) {
      for (let x = 0; x < SIDE * SCALE; x++) {
        const pixel = images[(i * SIDE + Math.floor(y / SCALE)) * SIDE + Math.floor(x / SCALE)];
        lines[(top + y) * (width + 1) + 1 + left + x] = Math.round(255 * (1 - pixel));
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  writeFileSync(path, Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]));
}

/** Length, type, data, checksum of type and data. @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
