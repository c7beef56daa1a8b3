import { engine } from './backend.ts';
import { take } from './copy.ts';
import { I32 } from './kind.ts';
import * as Scratch from '../shared/scratch.ts';

/**
 * The keys of an Rng from number `first` on, as many as `words` takes, a multiple of four: low and high words in turns. By
 * the kernels of the backend in use, in the block that serves every call. An op takes its key when that block is large
 * enough and its inputs are not there yet, so this neither moves the block nor writes over one of them.
 */
export function fillKeys(words: Int32Array, first: number, high: number, low: number): void {
  const at = engine(),
    { byteLength } = words;
  const bytes = byteLength + Scratch.keys(1, words.length / 2, 4, 1);
  if (at.bytes < bytes) at.reserve(bytes);
  at.backend.f32.keys(at.start, words.length / 2, first, low, high, at.start + byteLength);
  take(at.memory, I32, at.start, words, 0, words.length);
}
