/** `out` may lie anywhere: the result is as if no input lay where it does, in one chunk or in many. */
import { alloc, argmax, type Floats, hardmax, softmax } from 'anymax';
import { expect, test } from 'vitest';
import { expectSame, inEverySetting, normals } from '../support/backends.ts';
import { OPS, resultLength } from '../tables/maxes.ts';

inEverySetting((dtype) => {
  const { BYTES_PER_ELEMENT: size, constructor } = dtype.make(0) as Floats & { constructor: Float32ArrayConstructor };

  test.each(OPS)('$name: any overlap of out and input', (op) => {
    for (const [rows, n] of [
      [2, 3],
      [3, 7000],
      [7000, 5],
    ] as const) {
      const x = normals(dtype, rows * n, n),
        o = op.temperature === 'none' ? {} : { temperature: 0.7 };
      const expected = op.run(x, n, o).slice(),
        Result = expected.constructor as Float32ArrayConstructor;
      const length = resultLength(op, rows, n),
        middle = 8 * (rows * n + 8);
      // before, behind, at the same place, a row or one value apart
      for (const shift of [0, 8, -8, n * size, -n * size, (rows * n * size) >> 1]) {
        const at = middle + Math.round(shift / 8) * 8,
          buffer = new ArrayBuffer(3 * middle);
        const input = new constructor(buffer, middle, rows * n),
          out = new Result(buffer, at, length);
        input.set(x);
        expect(op.run(input, n, { ...o, out })).toBe(out);
        expectSame(out, expected, `${op.name} ${rows} x ${n}, ${at - middle} bytes apart`);
      }
    }
  });

  test('the second input, and views of a resident array beside itself', () => {
    for (const [rows, n] of [
      [2, 3],
      [7000, 5],
    ] as const) {
      const p = softmax(normals(dtype, rows * n, 1), n),
        d = normals(dtype, rows * n, 2);
      const expected = softmax.vjp(p, d, n);
      const both = new constructor(3 * rows * n);
      for (const [from, to] of [
        [rows * n, 2 * rows * n - 1],
        [rows * n, 1],
        [rows * n, rows * n],
      ] as const) {
        const dp = both.subarray(from, from + rows * n),
          out = both.subarray(to, to + rows * n);
        dp.set(d);
        softmax.vjp<Floats>(p, dp, n, { out });
        expectSame(out, expected, `dp at ${from}, out at ${to}`);
      }
      const memory = (alloc as (type: unknown, length: number) => ReturnType<typeof alloc>)(constructor, rows * n + 2);
      memory.view.set(d);
      const input = memory.view.subarray(0, rows * n) as unknown as Floats,
        output = memory.view.subarray(2) as unknown as Floats;
      const hard = hardmax(d, n);
      hardmax<Floats>(input, n, { out: output });
      expectSame(output, hard);
      memory.free();
    }
  });

  test('indices over their own scores', () => {
    const x = normals(dtype, 40_000, 3),
      expected = argmax(x, 2);
    const input = x.slice();
    expectSame(argmax(input, 2, { out: new Int32Array(input.buffer as ArrayBuffer, 0, 20_000) }), expected);
  });
});
