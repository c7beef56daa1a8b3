// Every entry of the package by its name, and float16 under the lib that the application has: compiled, never run.
import { gumbelSoftmax, type Halves, key, softmax } from 'anymax';
import * as js from 'anymax/js';
import * as jsTokens from 'anymax/js/tokens';
import { pool } from 'anymax/threads';
import { sampleTokens, truncate } from 'anymax/tokens';

const halves = Uint16Array.of(1, 2, 3);
const dtype = 'float16';
export const p: Float32Array = softmax(halves, 3, { dtype });
export const same: Float32Array = js.softmax(halves, 3, { dtype, temperature: Float32Array.of(1) });
export const drawn: Float32Array = gumbelSoftmax(key(1), halves, 3, { dtype });
export const tokens: Int32Array = sampleTokens(key(1), halves, 3, { dtype, topP: 0.9 });
export const rest: Float32Array = truncate(halves, 3, { dtype, topK: 1 });
export const again: Int32Array = jsTokens.sampleTokens(key(1), new Float64Array(3), 3);
export const half = (x: Halves): Float32Array => softmax(x, x.length);
export const later: Promise<Float32Array> = pool().then((workers) => workers.softmax(halves, 3, { dtype }));

// @ts-expect-error: results are float32
softmax(halves, 3, { dtype, out: halves });
// @ts-expect-error: dtype is for float16 alone
softmax(halves, 3, { dtype: 'bfloat16' });
