/** The errors of anymax/tokens. */
import { arrayOfValue, lengthOfValue } from './operand.ts';
import { describe, kindError, lengthError } from './check.ts';
import { type AnyArray, type Dtype, F32, I32, type Kind } from './kind.ts';

/** What an option that may be a number per row has to be. */
export interface Range {
  /** Whether it is a count: a per-row array of it is an Int32Array. */
  readonly counts?: boolean;
  readonly what: string;
  readonly is: (v: number) => boolean;
}

/** The values of an option, one per row or one for all, as they are now; numbers are rounded to the dtype as arrays are. */
export function checkNumbers(
  name: string,
  value: unknown,
  dtype: Dtype,
  rows: number,
  { counts = false, what, is }: Range,
): ArrayLike<number> | number {
  const check = (v: number, place: string): void => {
    if (!is(v)) throw new RangeError(`${place} must be ${what}, got ${v}`);
  };
  if (typeof value === 'number') {
    check(value, name);
    return counts || dtype !== F32 ? value : Math.fround(value);
  }
  const array = checkArrayOf(name, value, [counts ? I32 : dtype], 'a number or ');
  if (array.length !== rows) throw lengthError(name, array.length, rows);
  for (let r = 0; r < rows; r++) check(array[r]!, `${name}[${r}]`);
  return array;
}

/** A live array of one of the kinds, resident or not, as an array. */
export function checkArrayOf<A extends AnyArray>(name: string, value: unknown, kinds: readonly Kind[], also = ''): A {
  if (also !== '' && (typeof value !== 'object' || value === null)) {
    throw new TypeError(kindError(name, kinds, value).message.replace('must be ', `must be ${also}`));
  }
  return arrayOfValue(name, value, kinds);
}

/** An array of an exact length. */
export function checkLength(name: string, value: unknown, expected: number): void {
  const length = lengthOfValue(value);
  if (length !== expected) throw lengthError(name, length, expected);
}

/** Token ids: -1 counts for none. */
export function checkTokens(name: string, tokens: Int32Array, n: number): void {
  for (let i = 0; i < tokens.length; i++) {
    const id = tokens[i]!;
    if (id < -1 || id >= n) throw new RangeError(`${name}[${i}] must be -1 or in [0, ${n}), got ${id}`);
  }
}

/** Where the tokens of each row begin, and behind that where the last ones end. */
export function checkHistoryOffsets(offsets: Int32Array, rows: number, length: number): void {
  checkLength('offsets', offsets, rows + 1);
  if (offsets[0] !== 0) throw new RangeError(`offsets[0] must be 0, got ${offsets[0]}`);
  for (let r = 0; r < rows; r++) {
    if (offsets[r + 1]! >= offsets[r]!) continue;
    throw new RangeError(`offsets[${r + 1}] is ${offsets[r + 1]}, below offsets[${r}] = ${offsets[r]}`);
  }
  if (offsets[rows] !== length) {
    throw new RangeError(`offsets must end at the length of history, ${length}, got ${offsets[rows]}`);
  }
}

export function missingOffsetsError(rows: number): Error {
  return new RangeError(`offsets must say where the history of each of ${rows} rows begins`);
}

export function checkBoolean(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw new TypeError(`${name} must be true or false, got ${describe(value)}`);
}

/** Words of 32 bits per row, or those of one row for all. */
export function checkMask(mask: AnyArray, words: number, rows: number): void {
  if (mask.length === words || mask.length === words * rows) return;
  throw new RangeError(`mask has length ${mask.length}, expected ${words} words, or ${words * rows}: ${words} per row`);
}
