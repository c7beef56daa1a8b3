/** What an op of the tables is: how it is called, and what its error is measured by. */
import type { Floats } from 'anymax';
import type { Dtype } from '../support/backends.ts';

export type Numbers = readonly number[];

/** The options that a table has for all of its rows. */
export interface Options {
  readonly temperature?: number;
  readonly alpha?: number;
}

/** Makes arrays of a dtype; `moved` is how far rounding to it moves the values, in roundings of 1. */
export interface Maker extends Dtype {
  readonly of: (values: Numbers) => Floats;
  readonly moved: (values: Numbers) => number;
}

export interface Op {
  readonly run: (make: Maker, options: Options, ...args: Numbers[]) => ArrayLike<number>;
  /** Of each expected value, the size whose roundings the error is counted in. */
  readonly size: (make: Maker, expected: Numbers, options: Options, ...args: Numbers[]) => Numbers;
}

export const classes = (x: Numbers): Int32Array => Int32Array.from(x);
