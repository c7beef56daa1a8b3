/** Files that hold the state of training to the bit: a magic line, a line of JSON, then arrays as they lie in memory. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** @typedef {import('./adam.mjs').Adam} Adam */

/** The arrays that training changes, in order. @param {Adam} adam */
const arraysOf = (adam) => adam.tensors.flatMap(({ value, mean, square }) => [value, mean, square]);

/**
 * Writes parameters and moments of an optimiser, with what else belongs to them. The file is there as a whole or not at all.
 * @param {string} path @param {string} magic @param {object} header @param {Adam} adam
 */
export function writeState(path, magic, header, adam) {
  const text = JSON.stringify({ ...header, powers: adam.powers });
  const arrays = arraysOf(adam).map(({ buffer }) => Buffer.from(/** @type {ArrayBuffer} */ (buffer)));
  writeFileSync(`${path}.new`, Buffer.concat([Buffer.from(`${magic}\n${text}\n`), ...arrays]));
  renameSync(`${path}.new`, path);
}

/**
 * The header of a state, and its arrays as bytes.
 *
 * Errors: Error beginning with the path, for a file that cannot be read or has another magic line.
 * @param {string} path @param {string} magic
 */
export function readState(path, magic) {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new Error(`${path}: ${cause.code === 'ENOENT' ? 'no such file' : cause.message}`, { cause });
  }
  const begin = magic.length + 1;
  const end = bytes.indexOf('\n', begin);
  if (bytes.toString('latin1', 0, begin) !== `${magic}\n` || end < 0) throw new Error(`${path}: not a checkpoint`);
  return { path, state: bytes.subarray(end + 1), ...JSON.parse(bytes.toString('utf8', begin, end)) };
}

/**
 * Puts a state into an optimiser of the same shapes.
 *
 * Errors: Error beginning with the path, for a file that was cut.
 * @param {ReturnType<typeof readState>} read @param {Adam} adam
 */
export function restore({ path, state, powers }, adam) {
  const arrays = arraysOf(adam);
  const expected = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (state.length !== expected) throw new Error(`${path}: expected ${expected} bytes of state, got ${state.length}`);
  let at = 0;
  for (const { buffer, byteLength } of arrays) {
    new Uint8Array(buffer).set(state.subarray(at, at + byteLength));
    at += byteLength;
  }
  adam.powers = powers;
}
