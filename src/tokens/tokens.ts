/** anymax/tokens: sampling from a language model's logits. */
export { addBias } from './add_bias.ts';
export { allow } from './allow.ts';
export type { EditOptions } from './edit.ts';
export type { PerRowCount, PerRowNumber, TruncationOptions } from './options.ts';
export { penalize, type PenalizeOptions } from './penalize.ts';
export { sampleTokens, type SampleTokens, type SampleTokensOptions } from './sample_tokens.ts';
export { truncate, type Truncate, type TruncateOptions } from './truncate.ts';
