import { fingerprint } from './data.mjs';
import { Session } from './session.mjs';
import { readState, restore, writeState } from './state.mjs';

const MAGIC = 'anymax vae 1';

/** Writes the state of training after an epoch, to the bit. @param {string} path @param {Session} session */
export function saveCheckpoint(path, { settings, epoch, adam, data }) {
  const images = data.training.count + data.test.count;
  writeState(path, MAGIC, { settings, epoch, images, fingerprint: fingerprint(data.training) }, adam);
}

/** The header of a checkpoint, and its state. Errors: those of readState. @param {string} path */
export const readCheckpoint = (path) => readState(path, MAGIC);

/**
 * The session that a checkpoint was made of: it goes on with the same bits.
 *
 * Errors: Error beginning with the path, for other images, or a file that was cut.
 * @param {ReturnType<typeof readCheckpoint>} checkpoint @param {import('./session.mjs').Data} data
 */
export function resume(checkpoint, data) {
  if (checkpoint.fingerprint !== fingerprint(data.training)) {
    throw new Error(`${checkpoint.path}: it has learnt from other images`);
  }
  const session = new Session(checkpoint.settings, data);
  restore(checkpoint, session.adam);
  session.epoch = checkpoint.epoch;
  return session;
}
