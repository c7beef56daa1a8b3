import { checkInteger, checkK, checkKind, checkRows } from './check.ts';
import { checkOffsets, strideBesideOffsetsError, strideError } from './check_rows.ts';
import { copyOf, I32, kindOf } from './kind.ts';
import { blockOf, type Resident, residentView, type Values } from './resident.ts';

/**
 * The length of rows. Of rows of different lengths the offsets, an Int32Array: where each begins, and behind that where the last one
 * ends. The first is 0, the last the length of the array; the lists of Arrow, CSR and cu_seqlens are such.
 */
export type RowLength = number | Values<Int32Array>;

/** How the rows of a batch lie in an array that has a value for each of their elements. */
export interface Layout {
  readonly rows: number;
  /** Elements of a row; of the longest one, where they differ. */
  readonly n: number;
  /** Elements of all rows. */
  readonly length: number;
  /** Where each row begins, and behind that where the last one ends; undefined for equal rows. */
  readonly offsets: Int32Array | undefined;
  /** How far apart the neighbours of a row lie. */
  readonly stride: number;
}

/** Whether a value is an array, or one that lives in the engine. */
export function isArray(value: unknown): boolean {
  return kindOf(value) !== undefined || blockOf(value) !== undefined;
}

/** The array that a value is or has. */
export function arrayOf(value: unknown): unknown {
  return blockOf(value) === undefined ? value : residentView(value as Resident);
}

/** The layout of an argument of so many values, for an n that is a number or offsets. */
export function layoutOf(name: string, length: number, n: unknown, stride: unknown): Layout {
  if (isArray(n)) {
    if (stride !== undefined) throw strideBesideOffsetsError();
    const given = arrayOf(n);
    checkKind('n', given, [I32]);
    // a copy: nobody changes it between the check and the end of the call
    const offsets = copyOf(given as Int32Array);
    checkOffsets(offsets, name, length);
    let longest = 0;
    for (let r = 1; r < offsets.length; r++) longest = Math.max(longest, offsets[r]! - offsets[r - 1]!);
    return { rows: offsets.length - 1, n: longest, length, offsets, stride: 1 };
  }
  const rows = checkRows(name, length, n as number);
  if (stride === undefined) return { rows, n: n as number, length, offsets: undefined, stride: 1 };
  const apart = checkInteger('stride', stride, 1);
  if (length % ((n as number) * apart) !== 0) throw strideError(name, length, n as number, apart);
  return { rows, n: n as number, length, offsets: undefined, stride: apart };
}

/** How many classes of each row to take: of n at most, if rows are equal. */
export function checkPlaces(k: unknown, n: unknown): void {
  if (isArray(n)) checkInteger('k', k, 1);
  else checkK(k, checkInteger('n', n, 1));
}

/** The first element of a row. */
export function startOf({ offsets, n }: Layout, row: number): number {
  return offsets === undefined ? row * n : offsets[row]!;
}
