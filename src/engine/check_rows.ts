/** The errors of rows that differ: lengths, temperatures and keys of their own, and rows that lie apart. */
import { checkChoice, kindError } from './check.ts';
import { I32 } from './kind.ts';

/** Offsets of ragged rows in an array of so many values: they begin at 0, never fall, and end at the length. */
export function checkOffsets(offsets: Int32Array, name: string, length: number): void {
  const rows = offsets.length - 1;
  if (rows < 0) throw new RangeError('n has length 0, but offsets begin with a 0');
  if (offsets[0] !== 0) throw new RangeError(`n[0] is ${offsets[0]}, but offsets begin at 0`);
  for (let r = 0; r < rows; r++) {
    if (offsets[r + 1]! < offsets[r]!)
      throw new RangeError(`n[${r + 1}] is ${offsets[r + 1]}, below n[${r}] = ${offsets[r]}: offsets never fall`);
  }
  if (offsets[rows] !== length)
    throw new RangeError(`n[${rows}] is ${offsets[rows]}, but offsets end at the length of ${name}, ${length}`);
}

export function strideBesideOffsetsError(): Error {
  return new TypeError('stride cannot be given beside offsets');
}

export function strideError(name: string, length: number, n: number, stride: number): Error {
  return new RangeError(`stride: ${name} has length ${length}, which is not a multiple of n stride = ${n * stride}`);
}

/** Whether a row with nothing but -Infinity gives zeros. */
export function checkEmpty(value: unknown): boolean {
  return value !== undefined && checkChoice('empty', value, ['zero']) === 'zero';
}

/** For as many keys, or numbers of rows, as there are not rows. */
export function keysError(name: string, count: number, rows: number): Error {
  return new RangeError(`${name} has length ${count}, but there are ${rows} rows`);
}

/** Numbers of rows that a key is folded with. */
export function checkIds(ids: Int32Array): void {
  const at = ids.findIndex((id) => id < 0);
  if (at >= 0) throw new RangeError(`ids[${at}] must not be negative, got ${ids[at]}`);
}

export function idsError(value: unknown): Error {
  return kindError('ids', [I32], value);
}
