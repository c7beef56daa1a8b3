/** The kernels of anymax/tokens with exactly the scratch that src/shared/scratch.ts says, and a guard behind it. */
import { expect, test } from 'vitest';
import { engineOf } from '../../src/engine/backend.ts';
import { F32, F64 } from '../../src/engine/kind.ts';
import { TOKENS, type TokenKernels } from '../../src/engine/tokens.ts';
import * as Scratch from '../../src/shared/scratch.ts';
import { parametersOf } from '../../src/tokens/options.ts';
import { inEverySetting } from '../support/backends.ts';
import { optionsOf, rowOf } from './rows.ts';

const GUARD = 64,
  LENGTHS = [1, 2, 3, 5, 8, 17, 33, 100, 300, 4096, 4097, 5000, 9001];

inEverySetting((dtype) => {
  test('write nothing behind their scratch, nor behind their results', () => {
    const isSingle = dtype.name === 'float32',
      bytes = isSingle ? 4 : 8,
      { backend } = engineOf(TOKENS);
    for (let seed = 0; seed < 260; seed++) {
      const n = LENGTHS[seed % LENGTHS.length]!,
        row = rowOf(dtype, n, seed),
        options = optionsOf(n, seed),
        parameters = parametersOf(options, isSingle ? F32 : F64, 1),
        size = Scratch.truncate(n, 1, bytes, 0),
        region = 64 * Math.ceil((n * bytes + 2 * GUARD) / 64);
      const words = 64 * Math.ceil(backend.base / 64),
        src = words + 16384,
        given = src + region,
        dst = given + 256,
        logProb = dst + region,
        scratch = logProb + 2 * GUARD,
        buffer = backend.memory(scratch + size + GUARD),
        heap = new Uint8Array(buffer);
      const kernels = engineOf(TOKENS).tables(TOKENS)[isSingle ? 'f32' : 'f64'] as unknown as TokenKernels;
      const run = (call: () => void, results: readonly [number, number][]): void => {
        heap.fill(0xa5, dst, scratch);
        heap.fill(0xff, scratch, scratch + size);
        heap.fill(0xa5, scratch + size, scratch + size + GUARD);
        heap.set(new Uint8Array(row.buffer, row.byteOffset, row.byteLength), src);
        heap.set(new Uint8Array(parameters.buffer), given);
        call();
        for (const [at, length] of [...results, [scratch, size] as const]) {
          const behind = heap.subarray(at + length, at + length + GUARD);
          expect(
            behind.every((byte) => byte === 0xa5),
            `seed ${seed} n ${n} ${JSON.stringify(options)}`,
          ).toBe(true);
        }
        expect(Buffer.compare(heap.subarray(src, src + row.byteLength), Buffer.from(row.buffer))).toBe(0);
      };
      run(() => kernels.truncate(src, given, dst, 1, n, scratch), [[dst, n * bytes]]);
      run(
        () => kernels.sample_tokens(src, given, dst, logProb, 1, n, 0, seed, 7, scratch, words),
        [
          [dst, 4],
          [logProb, bytes],
        ],
      );
    }
  });
});
