// What a pool does in the place where this runs: printed, or from a page sent to the server.
import * as anymax from '../../dist/index.js';
import { pool } from '../../dist/threads.js';

const n = 5,
  x = anymax.random.normal(anymax.key(1), 50_000 * n),
  source = anymax.key(2);
const cases = {
  softmax: (a) => a.softmax(x, n),
  gumbelSoftmax: (a) => a.gumbelSoftmax(source, x, n, { max: anymax.sparsemax }),
  categorical: (a) => a.categorical(source, x, n),
  normal: (a) => a.random.normal(source, 100_000),
};

const two = await pool({ threads: 2 });
const { threads, reason } = two;
const differ = [];
for (const [name, run] of Object.entries(cases)) {
  const [expected, actual] = [run(anymax), await run(two)];
  if (expected.length !== actual.length || expected.some((v, i) => !Object.is(v, actual[i]))) differ.push(name);
}
const error = await two.softmax(x, 7).catch(String);
await two.close();
const closed = await two.softmax(x, n).catch(String);
const report = JSON.stringify({ threads, reason: reason && String(reason), differ, error, closed });
if (globalThis.document) await fetch('/report', { method: 'POST', body: report });
else console.log(report);
