/**
 * The side of a library: answers the lines of run.mjs on stdin with one line of JSON each. The same protocol is spoken
 * by the C and the Python children.
 *
 *     case OP ROWS N FILE   prepares the op on the logits of the file (float32)      {"ok": true}, {"ok": false} if it lacks it
 *     run MILLISECONDS      calls it for so long, one call at least                 {"ns": nanoseconds per call}
 *     result FILE           calls it once and writes what it gives                  {"kind": "f32" | "i32"}
 *     survey COUNT          calls it until it gave so many values                   {"nonFinite": k, "least": a, "greatest": b}
 *
 * Where the library throws, the answer is {"error": message}.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Calls between two looks at the clock take at least so long: a look is 30 ns, the shortest call about the same. */
const BATCH_NANOSECONDS = 100_000;

/**
 * `prepare(data)` gives the call to be measured, which returns the values, or a promise of them.
 * @typedef {{ logits: Float32Array, rows: number, n: number }} Data
 * @param {Record<string, (data: Data) => () => any>} ops
 */
export async function serve(ops) {
  /** @type {() => any} */
  let call;
  let batch = 1;
  const answers = {
    case(name, rows, n, file) {
      const bytes = readFileSync(file);
      const logits = new Float32Array(bytes.buffer, bytes.byteOffset, rows * n).slice();
      call = ops[name]?.({ logits, rows: Number(rows), n: Number(n) });
      batch = 1;
      return { ok: call !== undefined };
    },
    async run(milliseconds) {
      let calls = 0;
      let spent = 0n;
      while (spent < milliseconds * 1e6) {
        const start = process.hrtime.bigint();
        for (let i = 0; i < batch; i++) {
          const result = call();
          if (result instanceof Promise) await result;
        }
        const took = process.hrtime.bigint() - start;
        calls += batch;
        spent += took;
        if (took < BATCH_NANOSECONDS) batch *= 2;
      }
      return { ns: Number(spent) / calls };
    },
    async result(file) {
      const values = await call();
      const kind = values instanceof Float32Array || values instanceof Float64Array ? 'f32' : 'i32';
      writeFileSync(file, kind === 'f32' ? Float32Array.from(values) : Int32Array.from(values, Number));
      return { kind };
    },
    async survey(count) {
      const found = { nonFinite: 0, least: Infinity, greatest: -Infinity };
      for (let seen = 0; seen < count;) {
        const values = await call();
        for (let i = 0; i < values.length; i++) {
          const value = Number(values[i]);
          if (!Number.isFinite(value)) found.nonFinite++;
          else if (value < found.least) found.least = value;
          if (Number.isFinite(value) && value > found.greatest) found.greatest = value;
        }
        seen += values.length;
      }
      return found;
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [question, ...rest] = line.split(' ');
    const answer = await Promise.resolve(rest)
      .then((words) => answers[question](...words))
      .catch(({ message }) => ({ error: message }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
