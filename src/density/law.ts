import { mapInputs } from '../engine/rows.ts';
import type { Floats } from '../engine/kind.ts';
import { makeOp, OUT_ONLY } from '../engine/op.ts';

// the number k of a call says which function

const LAW = /* @__PURE__ */ makeOp({
  options: OUT_ONLY,
  inputs: [
    { name: 'value', width: 'n' },
    { name: 'loc', width: 'n' },
    { name: 'scale', width: 'n' },
  ],
  outputs: [{ width: 'n' }],
  kernel: (kernels, [x, loc, scale, dst], rows, _n, _temperature, _scratch, op) =>
    kernels.law(x, loc, scale, dst, op, rows),
});

/** out = a function of the kernel `law` (LAW_) at (x - loc) / scale, element by element: in f64, rounded once. */
export function lawAt<A extends Floats>(op: number, x: A, loc: A, scale: A, out: A): void {
  mapInputs(LAW, [x, loc, scale], 1, { out }, op);
}
