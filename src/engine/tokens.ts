import * as mirror from './js_tokens.ts';
import type { Extension } from './kernels.ts';
import { tokensModule } from './wasm/tokens/embedded.ts';

/** The kernels of anymax/tokens. */
export const TOKENS: Extension = { mirror, wasm: tokensModule };

/** Those of either dtype. */
export type TokenKernels = Omit<typeof mirror.f32, 'attach'>;
