import { DOMAIN_FOLD_IN } from '../../shared/constants.ts';
import { philox, rngKeys } from '../../shared/philox.ts';
import { integers, words } from '../lane.ts';

/**
 * The keys of an Rng from number `first` on, under the key (k0, k1), at dst: low and high words in turns. `count` is a
 * multiple of four. Scratch: 64 bytes for the four keys that wasm makes at a time.
 */
export function keys(dst: number, count: number, first: number, k0: number, k1: number, _scratch: number): void {
  rngKeys(integers, dst / 4, count, first, k0, k1);
}

/**
 * The key (k0, k1) folded with numbers, at dst: low and high words in turns. `count` is a multiple of four. Scratch: as for
 * keys.
 */
export function fold_in(ids: number, dst: number, count: number, k0: number, k1: number, _scratch: number): void {
  for (let i = 0; i < count; i++) {
    const key = philox(words[ids / 4 + i]!, 0, 0, DOMAIN_FOLD_IN, k0, k1);
    words[dst / 4 + 2 * i] = key[0];
    words[dst / 4 + 2 * i + 1] = key[1];
  }
}
