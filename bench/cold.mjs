/**
 * npm run bench -- --cold: the first call of a process, beside compiling and instantiating its wasm alone. Every number is of a
 * process of its own: Node's, and Chromium's where it is installed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { root, within } from '../test/support/packed.mjs';
import { browsers, open } from '../test/runtimes/browsers.mjs';
import { serve } from '../test/support/servers.mjs';
import { CALLS } from './cold_once.mjs';

/** @typedef {{ compile?: number, import?: number, first?: number, second?: number }} Sample */

const WHAT = ['wasm', ...Object.keys(CALLS)];

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** The medians of so many processes for each thing that is measured, taken in turns. @param {(what: string) => Promise<Sample>} sample */
async function medians(sample, rounds) {
  const samples = new Map(WHAT.map((what) => [what, []]));
  for (let i = 0; i < rounds; i++) for (const what of WHAT) samples.get(what).push(await sample(what));
  const of = (what, name) => median(samples.get(what).map((one) => one[name]));
  const compile = of('wasm', 'compile');
  return Object.keys(CALLS).map((call) => {
    const backends = new Set(samples.get(call).map(({ backend }) => backend));
    if (backends.size !== 1 || !backends.has('wasm')) throw new Error(`${call} was computed by ${[...backends]}`);
    const first = of(call, 'first');
    return { call, compile, import: of(call, 'import'), first, second: of(call, 'second'), ratio: first / compile };
  });
}

/** @param {string} node */
function inNode(node) {
  const script = fileURLToPath(new URL('cold_once.mjs', import.meta.url));
  return async (what) => JSON.parse(execFileSync(node, [script, what], { encoding: 'utf8' }));
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>cold</title><script type="module">
import { once } from '/bench/cold_once.mjs';
const read = async () => (await fetch('/dist/anymax.wasm')).arrayBuffer();
const result = await once(location.hash.slice(1), '/dist/index.js', read);
await fetch('/', { method: 'POST', body: JSON.stringify(result) });
</script>`;

/** Serves the page. Cross-origin isolated, since the clock of other pages has steps of 0.1 ms. */
async function serveSite() {
  /** @type {{ report?: (text: string) => void }} */
  const site = {};
  const server = await serve(async (request, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    if (request.method === 'POST') {
      site.report?.(await text(request));
      response.end();
    } else if (request.url === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(PAGE);
    } else if (/^\/(bench\/cold_once\.mjs|dist\/[\w.-]+)$/.test(request.url)) {
      response.setHeader('content-type', request.url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
      response.end(readFileSync(root + request.url.slice(1)));
    } else {
      response.writeHead(404).end();
    }
  });
  return Object.assign(site, server);
}

/** @param {Awaited<ReturnType<typeof serveSite>>} site */
const inChromium = (site) => async (what) => {
  const report = new Promise((resolve) => (site.report = resolve));
  const browser = open('Chromium', `${site.origin}/#${what}`);
  try {
    return JSON.parse(await within(60_000, report, () => `no report; Chromium says ${browser.output().slice(-1000)}`));
  } finally {
    await browser.stop();
  }
};

/** @param {{ nodes: string[], rounds: number }} options */
export async function measureCold({ nodes, rounds }) {
  const results = [];
  const add = (where, lines) => results.push(...lines.map((line) => ({ where, ...line })));
  for (const node of nodes) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    add(`Node ${version.slice(1)}`, await medians(inNode(node), rounds));
  }
  if (existsSync(browsers.Chromium.command)) {
    const site = await serveSite();
    add('Chromium', await medians(inChromium(site), rounds));
    await site.close();
  } else {
    console.error(`Chromium is not measured: ${browsers.Chromium.command} is missing (apt-get install chromium)`);
  }
  return results;
}

/** The table. @param {Awaited<ReturnType<typeof measureCold>>} results */
export function tableOfCold(results) {
  const line = (cells) => cells.map((cell, i) => (i < 2 ? cell.padEnd(16) : cell.padStart(14))).join('');
  return [
    line(['where', 'first call', 'import', 'first', 'second', 'compile', 'first/compile']),
    ...results.map(({ where, call, ratio, ...times }) =>
      line([
        where,
        call,
        ...['import', 'first', 'second', 'compile'].map((name) => times[name].toFixed(2)),
        `${ratio.toFixed(1)}x`,
      ]),
    ),
  ].join('\n');
}
