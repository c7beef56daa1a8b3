/** anymax/tokens: sampling from a language model's logits. */
export { addBias, type AddBias } from './add_bias.ts';
export { allow, type Allow } from './allow.ts';
export type { EditOptions } from './edit.ts';
export type { PerRowCount, PerRowNumber, TruncationOptions } from './options.ts';
export { penalize, type Penalize, type PenalizeOptions } from './penalize.ts';
export { sampleTokens, type SampleTokens, type SampleTokensOptions } from './sample_tokens.ts';
export { truncate, type Truncate, type TruncateOptions } from './truncate.ts';
