/** The loops of bench/plain. */
import * as plain from '../../plain/index.mjs';
import { serve } from '../child.mjs';

const map = (f) => (data) => {
  const out = new Float32Array(data.logits.length);
  return () => f(data.logits, data.n, out);
};
const reduce = (f, type) => (data) => {
  const out = new type(data.rows);
  return () => f(data.logits, data.n, out);
};
const noise = (f) => map((_logits, _n, out) => f(out));

await serve({
  softmax: map((x, n, out) => plain.softmax(x, n, 1, out)),
  logSoftmax: map((x, n, out) => plain.logSoftmax(x, n, 1, out)),
  logSumExp: reduce(plain.logSumExp, Float32Array),
  argmax: reduce(plain.argmax, Int32Array),
  expConcreteLogProb: ({ logits, n, rows }) => {
    const out = new Float32Array(rows);
    const logY = plain.logSoftmax(logits, n, 1, logits.slice());
    return () => plain.expConcreteLogProb(logY, logits, n, 1, out);
  },
  'random.uniform': noise(plain.uniform),
  'random.exponential': noise(plain.exponential),
  'random.gumbel': noise(plain.gumbel),
  'random.logistic': noise(plain.logistic),
  'random.normal': noise(plain.normal),
  gumbelMax: reduce(plain.gumbelMax, Int32Array),
  categorical: reduce((x, n, out) => plain.categorical(x, n, 1, out), Int32Array),
  gumbelSoftmax: map((x, n, out) => plain.gumbelSoftmax(x, n, 0.5, out)),
});
