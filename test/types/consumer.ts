// What an application may write, and what it may not: compiled against the packed declarations, never run.
import {
  argmax,
  backend,
  expConcrete,
  expConcreteLogProb,
  fallbackReason,
  type Floats,
  foldIn,
  gumbelMax,
  gumbelSigmoid,
  gumbelSoftmax,
  hardmax,
  type IndexOptions,
  init,
  type InitOptions,
  key,
  type Key,
  logSoftmax,
  logSumExp,
  type Max,
  type MaxOptions,
  random,
  Rng,
  type RngState,
  softmax,
  type Source,
  sparsemax,
  split,
} from 'anymax';
import * as js from 'anymax/js';

const x32 = new Float32Array(12);
const x64 = new Float64Array(12);
const rng: Rng = new Rng('seed');
const source: Source = foldIn(split(key(1n))[0] ?? key(0), 3);

// The dtype of the result is that of the input.
export const p32: Float32Array = softmax(x32, 4, { temperature: 0.5, out: new Float32Array(12) });
export const p64: Float64Array = sparsemax(x64, 4);
export const either: Floats = hardmax(x32 as Floats, 4);
export const logs: Float64Array = logSoftmax(x64, 4);
export const sums: Float32Array = logSumExp(x32, 4);
export const indices: Int32Array = argmax(x64, 4, { out: new Int32Array(3) });
export const drawn: Int32Array = gumbelMax(rng, x32, 4);
export const relaxed: Float32Array = gumbelSoftmax(source, x32, 4, { max: sparsemax, temperature: 0.1 });
export const bits: Float64Array = gumbelSigmoid(rng, x64);
export const density: Float64Array = expConcreteLogProb(expConcrete(rng, x64, 4), x64, 4);
export const words: Uint32Array = random.bits(rng, 5);
export const noise32: Float32Array = random.gumbel(rng, 5);
export const noise64: Float64Array = random.uniform(rng, 5, { dtype: 'float64' });
export const filled: Float64Array = random.logistic(rng, x64);

// A max is a value, options and states are types.
export const alphas: number[] = [softmax, sparsemax].map((max: Max) => max.alpha);
export const options: MaxOptions<Float32Array> & IndexOptions & { out?: never } = { temperature: 1 };
export const state: RngState = Rng.from(JSON.parse(JSON.stringify(rng.state)) as RngState).state;
export const next: Key = rng.next();
export const settings: InitOptions = { backend: 'auto' };
init(settings);
js.init({ wasm: new Uint8Array(8) });
export const said: string = `${backend()} ${fallbackReason()?.message ?? ''} ${js.backend()}`;

// @ts-expect-error: no option has this name
softmax(x32, 4, { tau: 1 });
// @ts-expect-error: n is not guessed
softmax(x32);
// @ts-expect-error: an array of numbers has no dtype
softmax([1, 2, 3], 3);
// @ts-expect-error: dtypes do not mix
expConcreteLogProb(x32, x64, 4);
// @ts-expect-error: indices are Int32Array
argmax(x32, 4, { out: new Uint32Array(3) });
// @ts-expect-error: a seed is no source
gumbelMax(42, x32, 4);
// @ts-expect-error: there is no such backend
init({ backend: 'gpu' });
