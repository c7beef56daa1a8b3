import { Scores } from '../max/scores';

/** What is known of a row, and where things lie in its scratch. See src/js/tokens/regions.ts. */
@unmanaged
export class Regions {
  /** The row at this address: as it was given, or without what nSigma has removed. */
  row: usize;
  /** Regions: indices in order, their exponentials, room for a row, room for two lists. */
  list: usize;
  masses: usize;
  copy: usize;
  spare: usize;
  lists: usize;
  n: i32;
  /** How many of the row are not masked; -1 where that has not been asked. */
  m: i32;
  keep: i32;
  /** The indices from `from` up to `count` of the list are left. */
  from: i32;
  count: i32;
  /** Whether instead all of the row is left, but for the list's first `from`. */
  whole: bool;
  /** Whether elements behind the list are left. */
  open: bool;
  /** Whether the mass of all that is left is taken from the row. */
  byRow: bool;
  max: f64;
  temperature: f64;
  rowTotal: f64;
  /** Bounds of the mass of all that is left. */
  low: f64;
  high: f64;

  @inline static of(p: usize, i: i32): f64 {
    return load<f64>(p + ((<usize>i) << 3));
  }

  /** z = (v - max) / T in f64. */
  @inline static score(v: f64, max: f64, temperature: f64): f64 {
    const scale = Scores.scale<f64>(temperature);
    return (v * scale - max * scale) / (temperature * scale);
  }
}
