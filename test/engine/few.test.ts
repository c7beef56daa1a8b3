// A call on few values does not ask its op for its scratch: what every engine has from the beginning suffices.
import { expect, test } from 'vitest';
import { FEW, FEW_BYTES } from '../../src/engine/engine.ts';
import { openOf } from '../../src/engine/functions.ts';
import type { Op } from '../../src/engine/op.ts';
import { WORDS } from '../../src/engine/call.ts';
import { regionOf } from '../../src/engine/memory.ts';
import * as anymax from '../../src/index.ts';
import * as Scratch from '../../src/shared/scratch.ts';

/** All functions that the package exports, those of functions as well. */
function functions(value: object = anymax, seen = new Set<object>()): object[] {
  for (const member of Object.values(value)) {
    if (typeof member !== 'function' || seen.has(member as object)) continue;
    seen.add(member as object);
    functions(member as object, seen);
  }
  return [...seen];
}

/** The ops behind them, by calls of each form that there is. */
function opsOf(): Op[] {
  const x = new Float64Array(4),
    perRow = new Float64Array(2),
    indices = new Int32Array(2),
    key = anymax.key(1);
  const forms: unknown[][] = [
    [x, 2],
    [x, 2, 1],
    [x, x, 2],
    [x, x],
    [x, x, x],
    [x, perRow, 2],
    [x, x, perRow, 2],
    [x, indices, 2],
    [x, indices, perRow, 2],
    [x, indices, 2, 1],
    [x, indices, perRow, 2, 1],
    [key, 2],
    [key, x, 2],
    [key, x, 2, 1],
    [key, x, perRow, 2],
    [key, x],
    [key, x, 2, { draws: 2 }],
  ];
  const found = functions().flatMap((run) =>
    forms.flatMap((form) => {
      try {
        return [openOf(run)!(...form).op as Op];
      } catch {
        return [];
      }
    }),
  );
  return [...new Set(found)];
}

test('FEW_BYTES suffice every op on operands of FEW values each, whatever their rows and its k', () => {
  const ops = opsOf();
  expect(ops.length).toBeGreaterThanOrEqual(60);
  // of ops that no function is called by, the kernel's own
  const scratches = [...ops.map(({ scratch }) => scratch), ...Object.values(Scratch)];
  let most = 0;
  for (const scratch of scratches) {
    for (let n = 1; n <= FEW; n++) {
      for (let rows = 1; rows * n <= FEW; rows++) {
        for (let k = 1; k * rows <= FEW; k++) most = Math.max(most, scratch(n, rows, 8, k));
      }
    }
  }
  const operands = Math.max(...ops.map((op) => op.operands.length));
  console.log(`${ops.length} ops of up to ${operands} operands, at most ${most} bytes of scratch`);
  expect(operands).toBe(6);
  expect(WORDS + 6 * regionOf(8 * FEW) + most).toBeLessThanOrEqual(FEW_BYTES);
});
