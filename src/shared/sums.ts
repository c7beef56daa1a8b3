/** How sums are added up: see docs/reference/order-of-sums.md. Value-breaking to change. */

/** Rows of at most this many elements are summed a vector at a time (also what four rows side by side can give). */
export const SHORT_ROW = 32;
/** Vectors of a longer row that are added up in the dtype before their sum goes to the f64 total. */
export const ACCUMULATORS = 4;
