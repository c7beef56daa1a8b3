/**
 * TensorFlow.js with the backend that is the argument, wasm or cpu, one thread: a tensor in, `dataSync` out, as its guide has it.
 * `copy` is what making the tensor costs. It has no Gumbel or exponential noise: made of `randomUniform` as users do.
 * With the argument xnnpack: the kernel of its softmax alone, on tensors that lie in its memory.
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
const kernelAlone = process.argv[2] === 'xnnpack';
await tf.setBackend(kernelAlone ? 'wasm' : process.argv[2]);
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

/** What tf.softmax calls, as its kernel of the name does: no tensor is made, no value copied. Values are read once, before. */
function softmaxKernel({ logits, rows, n }) {
  const backend = tf.backend(),
    kernel = backend.wasm.cwrap('Softmax', null, ['number', 'number', 'number', 'number']);
  const x = tf.tensor2d(logits, [rows, n]),
    y = tf.softmax(x);
  const [from, to] = [x, y].map(({ dataId }) => backend.dataIdMap.get(dataId).id),
    values = y.dataSync();
  return () => {
    kernel(from, to, n, rows);
    return values;
  };
}

const all = {
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
};

await serve(kernelAlone ? { softmax: softmaxKernel } : all);
