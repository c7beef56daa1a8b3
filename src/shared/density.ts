/** Thresholds of the densities. */

/**
 * A row of f32 is done with f32 exponentials of what is at most DENSITY_REACH, where their sum is between the two others,
 * 2^-80 and 2^80: the maximum that they are taken from is that of f32, and may be off where the logits are huge.
 */
export const DENSITY_REACH = 60.0;
export const DENSITY_LEAST_SUM = 8.271806125530277e-25;
export const DENSITY_GREATEST_SUM = 1208925819614629174706176.0;
/** A density of more than SHORT_ROW classes is computed anew in f64 if it is below so much a class: its terms cancel. */
export const DENSITY_CANCELS = 0.5;
