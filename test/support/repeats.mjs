/** `repeats` of docs/guide/tokens.md: of each token that has followed the end of a history before, the most tokens that agreed. */
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

const guide = readFileSync(new URL('../../docs/guide/tokens.md', import.meta.url), 'utf8'),
  [lines] = /^function repeats[^]*?^}$/m.exec(guide);

/** @type {(history: readonly number[]) => Map<number, number>} */
export const repeats = runInNewContext(`${lines} repeats`);
