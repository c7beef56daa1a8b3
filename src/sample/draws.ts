import { checkInteger } from '../engine/check.ts';
import type { Settle } from '../engine/op.ts';

/** The option `draws`: how many of each row, one if it is not said. */
export const settleDraws: Settle = ({ draws }) => (draws === undefined ? {} : { k: checkInteger('draws', draws, 1) });
