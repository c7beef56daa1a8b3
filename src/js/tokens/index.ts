/** The kernels of anymax/tokens of either dtype, under their names without it. */
export { attach } from '../lane.ts';
export { sample_tokens } from './sample_tokens.ts';
export { truncate } from './truncate.ts';
