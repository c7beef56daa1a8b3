/**
 * The package: `wasm`, typed arrays in and out, so its copies are counted; `resident`, arrays that live in its memory;
 * or `js`, the mirror.
 */
import * as anymax from '../../../dist/index.js';
import { serve } from '../child.mjs';

const [mode] = process.argv.slice(2);
anymax.init({ backend: mode === 'js' ? 'js' : 'wasm' });

const key = new anymax.Rng('peers');
const { random } = anymax;

/** The array, in the package's memory where that is what is measured. */
function place(values) {
  if (mode !== 'resident') return values;
  const resident = anymax.alloc(values.constructor, values.length);
  resident.view.set(values);
  return resident;
}

/** An op from logits to a new array of a length. */
const op =
  (type, lengthOf, run) =>
  ({ logits, rows, n }) => {
    const x = place(logits);
    const out = place(new type(lengthOf(logits, rows)));
    return () => {
      const result = run(x, n, { out });
      return result.view ?? result;
    };
  };
const map = (run) => op(Float32Array, ({ length }) => length, run);
const reduce = (run) => op(Float32Array, (_, rows) => rows, run);
const index = (run) => op(Int32Array, (_, rows) => rows, run);
const noise = (run) => map((_x, _n, { out }) => run(key, out));

await serve({
  softmax: map(anymax.softmax),
  logSoftmax: map(anymax.logSoftmax),
  logSumExp: reduce(anymax.logSumExp),
  argmax: index(anymax.argmax),
  expConcreteLogProb: (data) => {
    const logY = place(anymax.logSoftmax(data.logits, data.n));
    return reduce((x, n, o) => anymax.expConcreteLogProb(logY, x, n, o))(data);
  },
  'random.uniform': noise(random.uniform),
  'random.exponential': noise(random.exponential),
  'random.gumbel': noise(random.gumbel),
  'random.logistic': noise(random.logistic),
  'random.normal': noise(random.normal),
  gumbelMax: index((x, n, o) => anymax.gumbelMax(key, x, n, o)),
  categorical: index((x, n, o) => anymax.categorical(key, x, n, o)),
  gumbelSoftmax: map((x, n, o) => anymax.gumbelSoftmax(key, x, n, { temperature: 0.5, ...o })),
});
