/** The package itself, with the backend that is the argument; typed arrays in and out, so its copies are counted. */
import * as anymax from '../../../dist/index.js';
import { serve } from '../child.mjs';

anymax.init({ backend: process.argv[2] });
const key = new anymax.Rng('peers');
const { random } = anymax;
const floats = ({ logits }) => new Float32Array(logits.length);
const indices = ({ rows }) => new Int32Array(rows);
/** One class a row: by the fastest exact method that the package has. */
const draw = anymax.categorical ?? anymax.gumbelMax;

const map = (f) => (data) => {
  const out = floats(data);
  return () => f(data.logits, data.n, { out });
};
const noise = (f) => (data) => {
  const out = floats(data);
  return () => f(key, out);
};
const toIndices = (f) => (data) => {
  const out = indices(data);
  return () => f(data.logits, data.n, { out });
};

await serve({
  softmax: map(anymax.softmax),
  logSoftmax: map(anymax.logSoftmax),
  logSumExp: (data) => {
    const out = new Float32Array(data.rows);
    return () => anymax.logSumExp(data.logits, data.n, { out });
  },
  argmax: toIndices(anymax.argmax),
  expConcreteLogProb: ({ logits, n, rows }) => {
    const out = new Float32Array(rows);
    const logY = anymax.logSoftmax(logits, n);
    return () => anymax.expConcreteLogProb(logY, logits, n, { out });
  },
  'random.uniform': noise(random.uniform),
  'random.exponential': noise(random.exponential),
  'random.gumbel': noise(random.gumbel),
  'random.logistic': noise(random.logistic),
  'random.normal': noise(random.normal),
  gumbelMax: toIndices((x, n, o) => anymax.gumbelMax(key, x, n, o)),
  categorical: toIndices((x, n, o) => draw(key, x, n, o)),
  gumbelSoftmax: map((x, n, o) => anymax.gumbelSoftmax(key, x, n, { temperature: 0.5, ...o })),
});
