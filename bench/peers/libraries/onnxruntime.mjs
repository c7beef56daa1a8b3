/**
 * onnxruntime-web, one thread: a model of one operator (a few for what ONNX has no operator for), `session.run` from a
 * tensor on the caller's array to one whose `data` is read. Its copies into and out of its memory are within the call.
 */
import * as ort from 'onnxruntime-web';
import { serve } from '../child.mjs';
import { INT32, INT64, model } from '../onnx.mjs';

ort.env.wasm.numThreads = 1;

const perRow = { dims: ['rows'] };
const gumbel = [['RandomUniformLike'], ['Log'], ['Neg'], ['Log'], ['Neg']];

const models = {
  softmax: model([['Softmax', { axis: 1 }]]),
  logSoftmax: model([['LogSoftmax', { axis: 1 }]]),
  logSumExp: model([['ReduceLogSumExp', { axes: [1], keepdims: 0 }]], perRow),
  argmax: model([['ArgMax', { axis: 1, keepdims: 0 }]], { type: INT64, ...perRow }),
  'random.uniform': model([['RandomUniformLike']]),
  'random.normal': model([['RandomNormalLike']]),
  'random.gumbel': model(gumbel),
  categorical: model([['Multinomial', { dtype: INT32, sample_size: 1 }]], { type: INT32, dims: ['rows', 'draws'] }),
  gumbelMax: model([...gumbel, ['Add', {}, ['x', 't4']], ['ArgMax', { axis: 1, keepdims: 0 }]], {
    type: INT64,
    ...perRow,
  }),
  gumbelSoftmax: model([...gumbel, ['Add', {}, ['x', 't4']], ['Add', {}, ['t5', 't5']], ['Softmax', { axis: 1 }]]),
};

const sessions = {};
for (const [name, bytes] of Object.entries(models)) sessions[name] = await ort.InferenceSession.create(bytes);

const run =
  (session) =>
  ({ logits, rows, n }) => {
    const x = new ort.Tensor('float32', logits, [rows, n]);
    return () => session.run({ x }).then(({ y }) => y.data);
  };

await serve(Object.fromEntries(Object.entries(sessions).map(([name, session]) => [name, run(session)])));
