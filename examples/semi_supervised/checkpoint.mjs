import { readState, restore, writeState } from '../vae/state.mjs';
import { fingerprint } from './data.mjs';
import { Session } from './session.mjs';

const MAGIC = 'anymax semi-supervised 1';

/** Writes the state of training after an epoch, to the bit. @param {string} path @param {Session} session */
export function saveCheckpoint(path, { settings, history, parameters, data }) {
  writeState(path, MAGIC, { settings, history, fingerprint: fingerprint(data) }, parameters.adam);
}

/** The header of a checkpoint, and its state. Errors: those of readState. @param {string} path */
export const readCheckpoint = (path) => readState(path, MAGIC);

/**
 * The session that a checkpoint was made of: it goes on with the same bits.
 *
 * Errors: Error beginning with the path, for other images, or a file that was cut.
 * @param {ReturnType<typeof readCheckpoint>} checkpoint @param {import('./data.mjs').Data} data
 */
export function resume(checkpoint, data) {
  if (checkpoint.fingerprint !== fingerprint(data)) {
    throw new Error(`${checkpoint.path}: it has learnt from other images`);
  }
  const session = new Session(checkpoint.settings, data);
  restore(checkpoint, session.parameters.adam);
  session.history = checkpoint.history;
  return session;
}
