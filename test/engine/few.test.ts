// A call on few values does not ask its op for its scratch: what every engine has from the beginning suffices.
import { expect, test } from 'vitest';
import { FEW, FEW_BYTES } from '../../src/engine/engine.ts';
import { openOf } from '../../src/engine/functions.ts';
import type { Op } from '../../src/engine/op.ts';
import { WORDS } from '../../src/engine/call.ts';
import { regionOf } from '../../src/engine/own.ts';
import * as anymax from '../../src/index.ts';

/** All functions that the package exports, those of functions as well. */
function functions(value: object = anymax, seen = new Set<object>()): object[] {
  for (const member of Object.values(value)) {
    if (typeof member !== 'function' || seen.has(member as object)) continue;
    seen.add(member as object);
    functions(member as object, seen);
  }
  return [...seen];
}

/** The ops of one input and one result behind them, by calls of each form that there is. */
function rowOps(): Op[] {
  const x = new Float64Array(4),
    key = anymax.key(1);
  const forms = [
    [x, 2],
    [x, 2, 1],
    [key, x, 2],
    [key, x, 2, 1],
    [key, x],
    [key, x, 2, { draws: 2 }],
  ];
  const found = functions().flatMap((run) =>
    forms.flatMap((form) => {
      try {
        const { op } = openOf(run)!(...form);
        return (op as Op).row === undefined ? [] : [op as Op];
      } catch {
        return [];
      }
    }),
  );
  return [...new Set(found)];
}

test('FEW_BYTES suffice every op on FEW values, whatever their rows and its k', () => {
  const ops = rowOps();
  expect(ops.length).toBeGreaterThanOrEqual(20);
  let most = 0;
  for (const op of ops) {
    for (let n = 1; n <= FEW; n++) {
      for (let rows = 1; rows * n <= FEW; rows++) {
        for (let k = 1; k * rows <= FEW; k++) most = Math.max(most, op.scratch(n, rows, 8, k));
      }
    }
  }
  console.log(`${ops.length} ops, at most ${most} bytes of scratch`);
  expect(WORDS + 2 * regionOf(8 * FEW) + most).toBeLessThanOrEqual(FEW_BYTES);
});
