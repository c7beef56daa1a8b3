import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fingerprint } from './data.mjs';
import { Session } from './session.mjs';

const MAGIC = 'anymax vae 1\n';

/** The arrays that training changes, in order. @param {Session} session */
const arraysOf = ({ adam }) => adam.tensors.flatMap(({ value, mean, square }) => [value, mean, square]);

/**
 * Writes the state of training after an epoch, to the bit: a magic line, a line of JSON, then parameters and moments as
 * they lie in memory. The file is there as a whole or not at all.
 * @param {string} path @param {Session} session
 */
export function saveCheckpoint(path, session) {
  const { settings, epoch, adam, data } = session;
  const images = data.training.count + data.test.count;
  const header = { settings, epoch, powers: adam.powers, images, fingerprint: fingerprint(data.training) };
  const arrays = arraysOf(session).map(({ buffer }) => Buffer.from(/** @type {ArrayBuffer} */ (buffer)));
  writeFileSync(`${path}.new`, Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`), ...arrays]));
  renameSync(`${path}.new`, path);
}

/**
 * The header of a checkpoint, and its state.
 *
 * Errors: Error beginning with the path, for a file that cannot be read or is no checkpoint.
 * @param {string} path
 */
export function readCheckpoint(path) {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new Error(`${path}: ${cause.code === 'ENOENT' ? 'no such file' : cause.message}`, { cause });
  }
  const end = bytes.indexOf('\n', MAGIC.length);
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || end < 0) throw new Error(`${path}: not a checkpoint`);
  return { path, state: bytes.subarray(end + 1), ...JSON.parse(bytes.toString('utf8', MAGIC.length, end)) };
}

/**
 * The session that a checkpoint was made of: it goes on with the same bits.
 *
 * Errors: Error beginning with the path, for other images, or a file that was cut.
 * @param {ReturnType<typeof readCheckpoint>} checkpoint @param {import('./session.mjs').Data} data
 */
export function resume({ path, settings, epoch, powers, state, ...checkpoint }, data) {
  if (checkpoint.fingerprint !== fingerprint(data.training))
    throw new Error(`${path}: it has learnt from other images`);
  const session = new Session(settings, data);
  const arrays = arraysOf(session);
  const expected = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (state.length !== expected) throw new Error(`${path}: expected ${expected} bytes of state, got ${state.length}`);
  let at = 0;
  for (const { buffer, byteLength } of arrays) {
    new Uint8Array(buffer).set(state.subarray(at, at + byteLength));
    at += byteLength;
  }
  session.adam.powers = powers;
  session.epoch = epoch;
  return session;
}
