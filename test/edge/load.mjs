// 10,000 requests one after another, then 10,000 by 64 at once. Memory is the server's resident set in /proc, sampled every
// 50 requests; a collector makes it go up and down, so what counts is its floor: the least of a quarter's samples. The floor
// of the last quarter is at most MARGIN above that of the first. A request has 1000 logits in 10 KiB of JSON and makes an
// array of 32 KB: if one in fifteen of these arrays stayed, or one in five of the texts, the margin would be passed.
import { readFileSync } from 'node:fs';
import { indicesOf, wave } from './expected.mjs';

const REQUESTS = 10_000;
const AT_ONCE = 64;
const WARM_UP = 3000;
const SAMPLE_EVERY = 50;
const MARGIN = 16; // MiB

const request = { logits: wave(1000), n: 100, seed: 'load', temperature: 0.7, draws: 4 };
const body = JSON.stringify(request);
const expected = JSON.stringify({ indices: indicesOf(request) });

/** MiB. */
function resident(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** Sends `count` requests, `atOnce` at a time; samples of the memory of `pid`, in MiB. */
async function send(origin, pid, count, atOnce) {
  const samples = [];
  let sent = 0;
  async function client() {
    while (sent < count) {
      if (sent++ % SAMPLE_EVERY === 0) samples.push(resident(pid));
      const response = await fetch(`${origin}/draw`, { method: 'POST', body });
      const text = await response.text();
      if (response.status !== 200 || text !== expected) throw new Error(`${response.status} ${text.slice(0, 200)}`);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client));
  return samples;
}

/** How the floor of memory has moved: throws where that is too much. */
function moved(samples) {
  const quarter = samples.length / 4;
  const [first, last] = [samples.slice(0, quarter), samples.slice(-quarter)].map((part) => Math.min(...part));
  const text = `${first.toFixed(1)} -> ${last.toFixed(1)} MiB`;
  if (last - first > MARGIN) throw new Error(`memory grows: ${text}`);
  return text;
}

export async function load({ origin, child: { pid } }) {
  await send(origin, pid, WARM_UP, 1);
  await send(origin, pid, WARM_UP, AT_ONCE);
  const began = performance.now();
  const inSequence = moved(await send(origin, pid, REQUESTS, 1));
  const between = performance.now();
  const atOnce = moved(await send(origin, pid, REQUESTS, AT_ONCE));
  const rates = [between - began, performance.now() - between].map((ms) => Math.round((1000 * REQUESTS) / ms));
  return `${REQUESTS} in sequence (${rates[0]}/s, ${inSequence}), ${AT_ONCE} at once (${rates[1]}/s, ${atOnce})`;
}
