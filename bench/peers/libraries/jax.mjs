/** jax-js on its WebAssembly backend: functions under `jit`, an array in, `dataSync` out. `copy` is making the array. */
import { defaultDevice, init, jit, nn, numpy as np, random } from '@jax-js/jax';
import { serve } from '../child.mjs';

await init('wasm');
defaultDevice('wasm');

let seed = 0;
const onArray =
  (run) =>
  ({ logits, rows, n }) => {
    const x = np.array(logits).reshape([rows, n]);
    const compiled = jit(run);
    return () => compiled(x.ref).dataSync();
  };
const onKey =
  (run) =>
  ({ logits, rows, n }) => {
    const x = np.array(logits).reshape([rows, n]);
    const compiled = jit(run);
    return () => compiled(random.key(seed++), x.ref).dataSync();
  };
const noise =
  (run) =>
  ({ logits }) => {
    const compiled = jit((key) => run(key, [logits.length]));
    return () => compiled(random.key(seed++)).dataSync();
  };

await serve({
  copy:
    ({ logits, rows, n }) =>
    () => {
      np.array(logits).reshape([rows, n]).dispose();
      return logits;
    },
  softmax: onArray((x) => nn.softmax(x, -1)),
  logSoftmax: onArray((x) => nn.logSoftmax(x, -1)),
  logSumExp: onArray((x) => nn.logsumexp(x, -1)),
  argmax: onArray((x) => np.argmax(x, -1)),
  'random.uniform': noise((key, shape) => random.uniform(key, shape)),
  'random.exponential': noise((key, shape) => random.exponential(key, shape)),
  'random.gumbel': noise((key, shape) => random.gumbel(key, shape)),
  'random.normal': noise((key, shape) => random.normal(key, shape)),
  categorical: onKey((key, x) => random.categorical(key, x, { axis: -1 })),
  gumbelSoftmax: onKey((key, x) => nn.softmax(random.gumbel(key, x.shape).add(x).mul(2), -1)),
});
