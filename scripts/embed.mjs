// The wasm as text that gzip and brotli compress like the wasm itself. The 85 most frequent bytes are one character each,
// any other byte is two characters. So repeated code is repeated text. Base64 would hide repetitions.
//
// The text is the alphabet and parts, each with its own frequent bytes (0.4 kB less than one of all). A part is: for each of the 256 bytes the
// second character of the alphabet (b) if the byte is one character, otherwise the first (a); the bytes; a space. Both kinds of bytes are
// numbered in their own order.
// Measured, for 58.2 kB of wasm that gzip to 21.8 kB and brotli to 17.4: the text gzips to 21.9 kB and brotlis to 17.9; base64
// to 30.0 and 25.4. Any order of the alphabet is the same to gzip. To brotli this one is 0.3 kB better than ASCII's, and
// numbering the bytes by frequency is 0.2 kB worse. The wasm is first put in an order of which they make more (streams.mjs).
import { readFileSync } from 'node:fs';
import { toStreams } from './streams.mjs';

/** Without " $ & ' < \ ` and all beyond ASCII: what tools escape, or read as the end of a string, a template or a script. */
export const ALPHABET = 'abcdefghijklmnopqrstuvwxyz!#%()*+,-./:;=>?@[]^_{|}~ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const BASE = ALPHABET.length;
/** With two first characters the others are 2 * 87, enough for what is left of 256. */
const SINGLE = BASE - 2;

/** Where texts begin in the memory of the unpacker, behind its tables, and what it has room for: four pages (scripts/build.mjs). */
const TEXT = 2304,
  MOST = 4 * 65536 - TEXT;

/** Parts of bytes as text. scripts/unpack.ts is the way back. @param {Uint8Array[]} parts */
export function encode(parts) {
  return [ALPHABET, ...parts.map(encodePart)].join('');
}

/** A part, which ends with a space. */
function encodePart(bytes) {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]++;
  const frequent = [...counts.keys()].sort((a, b) => counts[b] - counts[a]).slice(0, SINGLE);
  let single = 0;
  let other = 0;
  const codes = Array.from(counts, (_, byte) => {
    if (frequent.includes(byte)) return ALPHABET[single++];
    const code = ALPHABET[SINGLE + Math.floor(other / BASE)] + ALPHABET[other % BASE];
    other++;
    return code;
  });
  const kinds = codes.map(({ length }) => ALPHABET[2 - length]);
  return [...kinds, ...Array.from(bytes, (byte) => codes[byte]), ' '].join('');
}

/** What the unpacker makes of the streams of a wasm: the same with its locals numbered in the order in which they are named. @param {Uint8Array} wasm */
export function normal(wasm) {
  const { memory, join } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync('build/unpack.wasm'))).exports;
  const bytes = new Uint8Array(memory.buffer),
    { parts, names } = toStreams(wasm),
    streams = Buffer.concat(parts),
    from = TEXT + names.join(' ').length + 1,
    end = from + streams.length;
  bytes.set(Buffer.from(`${names.join(' ')} `), TEXT);
  bytes.set(streams, from);
  return bytes.slice(end, join(TEXT, from, end));
}

/** The module that src/engine/wasm/embedded.ts imports as build/anymax.wasm. @param {string} path */
export function embed(path) {
  const wasm = readFileSync(path),
    { parts, names } = toStreams(wasm),
    text = encode(parts),
    bytes = names.join(' ').length + 1 + text.length + wasm.length;
  if (bytes > MOST) throw new Error(`${path} and its text are ${bytes} bytes; the unpacker has room for ${MOST}`);
  const unpacker = readFileSync(path.replace(/[^/]*$/, 'unpack.wasm'));
  return `export const text = '${text}';\nexport const unpacker = [${[...unpacker]}];\n`;
}
