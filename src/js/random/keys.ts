import { rngKeys } from '../../shared/philox.ts';
import { words } from '../lane.ts';

/**
 * The keys of an Rng from number `first` on, under the key (k0, k1), at dst: low and high words in turns. `count` is a
 * multiple of four. Scratch: 64 bytes for the four keys that wasm makes at a time.
 */
export function keys(dst: number, count: number, first: number, k0: number, k1: number, _scratch: number): void {
  rngKeys(words, dst / 4, count, first, k0, k1);
}
