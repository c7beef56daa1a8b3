/** Rows in the memory that differ: the kernel on each run of rows that have all in common, by `each_row` where that knows it. */
import { I32, type Kind } from './kind.ts';
import type { Doubles } from './kernels.ts';
import { startOf } from './layout.ts';
import type { Own } from './own.ts';
import type { Memory } from './memory.ts';
import type { Addresses, Op } from './op.ts';
import type { Operand } from './operand.ts';
import { EACH_CATEGORICAL } from '../shared/constants.ts';

/** Where the rows of an operand lie: that of row r at base + r step, or at base + e bytes for its first element e. */
interface Place {
  readonly base: number;
  readonly step: number;
  readonly bytes: number;
}

function placeOf(operand: Operand, from: number): Place {
  const { bytes } = operand.computed;
  return { base: operand.base(from), step: operand.each * bytes, bytes };
}

const addressOf = ({ base, step, bytes }: Place, row: number, first: number): number =>
  step > 0 ? base + row * step : base + first * bytes;

/** What the rows of a call have in common. */
export interface Common {
  readonly k: number;
  readonly temperature: number;
  readonly k0: number;
  readonly k1: number;
  readonly scratch: number;
  readonly words: number;
}

/** Runs a kernel on the rows of a chunk. */
export function runRows(
  op: Op,
  kernels: Doubles,
  common: Common,
  operands: readonly Operand[],
  own: Own,
  memory: Memory,
  from: number,
  to: number,
): void {
  const { temperatures, keysAt, layout } = own,
    { offsets, n } = layout,
    keys = keysAt === 0 ? undefined : memory.u32.subarray(keysAt / 4, keysAt / 4 + 2 * (to - from));
  // no array is made for a row
  const places = operands.map((operand) => placeOf(operand, from)),
    at = places.map(() => 0),
    alike = offsets === undefined && temperatures === undefined;
  const { k, scratch, words } = common;
  let { temperature, k0, k1 } = common;
  for (let r = from, next; r < to; r = next) {
    const element = offsets === undefined ? r * n : offsets[r]!,
      size = offsets === undefined ? n : offsets[r + 1]! - element;
    let first = op.byRow ? r : element;
    if (temperatures !== undefined) temperature = temperatures[r]!;
    next = r + 1;
    if (keys !== undefined) {
      first = 0;
      k0 = keys[2 * (r - from)]!;
      k1 = keys[2 * (r - from) + 1]!;
    } else if (alike) {
      next = to;
    } else {
      while (
        next < to &&
        (temperatures === undefined || temperatures[next] === temperature) &&
        (offsets === undefined || offsets[next + 1]! - offsets[next]! === size)
      ) {
        next++;
      }
    }
    if (size === 0) {
      for (let i = op.inputs.length; i < places.length; i++)
        fillEmpty(memory, operands[i]!, addressOf(places[i]!, r, element), next - r);
    } else {
      for (let i = 0; i < places.length; i++) at[i] = addressOf(places[i]!, r, element);
      const addresses = at as unknown as Addresses;
      op.kernel(kernels, addresses, next - r, size, temperature, scratch, k, first, k0, k1, words);
    }
  }
}

/** Whether `each_row` has the kernel of an op; it draws once from a row. */
export function isEach({ each }: Op, k: number): boolean {
  return each >= 0 && (each !== EACH_CATEGORICAL || k === 1);
}

/** The same in one call of a kernel. */
export function runEach(
  op: Op,
  kernels: Doubles,
  { k0, k1, temperature, scratch, words }: Common,
  [input, output]: readonly Operand[],
  own: Own,
  memory: Memory,
  from: number,
  to: number,
): void {
  const { temperaturesAt, startsAt, keysAt, layout } = own,
    { offsets, n } = layout,
    start = startOf(layout, from);
  kernels.each_row(
    addressOf(placeOf(input!, from), from, start),
    addressOf(placeOf(output!, from), from, start),
    startsAt,
    temperaturesAt,
    keysAt,
    op.each,
    to - from,
    n,
    temperature,
    op.byRow ? from : start,
    k0,
    k1,
    scratch,
    words,
  );
  if (offsets === undefined || output!.each === 0) return;
  const place = placeOf(output!, from);
  for (let r = from; r < to; r++) {
    if (offsets[r + 1] === offsets[r]) fillEmpty(memory, output!, addressOf(place, r, 0), 1);
  }
}

/** What rows without an element give, where a result has a number of values per row. */
function fillEmpty(memory: Memory, { computed, each, empty }: Operand, address: number, rows: number): void {
  const start = address / computed.bytes;
  memory.heap(computed).fill(empty ?? emptyOf(computed), start, start + each * rows);
}

const emptyOf = (kind: Kind): number => (kind === I32 ? -1 : 0);
