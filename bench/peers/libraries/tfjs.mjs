/**
 * TensorFlow.js with the backend that is the argument, wasm or cpu, one thread: a tensor in, `dataSync` out, as its guide has it.
 * `copy` is what making the tensor costs. It has no Gumbel or exponential noise: made of `randomUniform` as users do.
 */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { serve } from '../child.mjs';

const folder = new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);
setThreadsCount(1);
setWasmPaths(folder.pathname);
// its loader fetches the path, which Node's fetch does not do for files
globalThis.fetch = async (path) =>
  new Response(readFileSync(path), { headers: { 'Content-Type': 'application/wasm' } });
await tf.setBackend(process.argv[2]);
await tf.ready();

/** @param {() => tf.Tensor} run */
function read(run) {
  const y = tf.tidy(run);
  const values = y.dataSync();
  y.dispose();
  return values;
}
const onTensor =
  (run) =>
  ({ logits, rows, n }) => {
    const x = tf.tensor2d(logits, [rows, n]);
    return () => read(() => run(x, n));
  };
const noise =
  (run) =>
  ({ logits }) =>
  () =>
    read(() => run([logits.length]));
const gumbel = (shape) => tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform(shape)))));

await serve({
  copy:
    ({ logits, rows, n }) =>
    () => {
      tf.tensor2d(logits, [rows, n]).dispose();
      return logits;
    },
  softmax: onTensor((x) => tf.softmax(x)),
  logSoftmax: onTensor((x) => tf.logSoftmax(x)),
  logSumExp: onTensor((x) => tf.logSumExp(x, 1)),
  argmax: onTensor((x) => tf.argMax(x, 1)),
  'random.uniform': noise((shape) => tf.randomUniform(shape)),
  'random.normal': noise((shape) => tf.randomNormal(shape)),
  'random.exponential': noise((shape) => tf.neg(tf.log1p(tf.neg(tf.randomUniform(shape))))),
  'random.gumbel': noise(gumbel),
  gumbelMax: onTensor((x) => tf.argMax(tf.add(x, gumbel(x.shape)), 1)),
  categorical: onTensor((x) => tf.multinomial(x, 1)),
  gumbelSoftmax: onTensor((x) => tf.softmax(tf.div(tf.add(x, gumbel(x.shape)), 0.5))),
});
