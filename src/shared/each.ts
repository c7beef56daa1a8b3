/** What `each_row` calls on every row, by number. */
export const EACH_SOFTMAX = 0;
export const EACH_SPARSEMAX = 1;
export const EACH_ENTMAX15 = 2;
export const EACH_LOG_SOFTMAX = 3;
export const EACH_GUMBEL_SOFTMAX = 4;
/** From here on one value per row. */
export const EACH_LOG_SUM_EXP = 5;
/** From here on one index per row. */
export const EACH_GUMBEL_MAX = 6;
/** Its draws are numbered by rows. */
export const EACH_CATEGORICAL = 7;
