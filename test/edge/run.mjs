// npm run test:edge: examples/edge in each runtime, from the packed tarball. The indices are those computed here, on wasm
// and on the JavaScript mirror; the limit on the body holds over the wire; under load there is no error, and memory is flat.
// `--only NAME` runs the places whose name has NAME in it.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { packedFolder, root, runChecks, start } from '../support/packed.mjs';
import { answer, binary, freePort, installRuntimes, keepWasm, startWorkerd } from '../support/servers.mjs';
import { REQUESTS, indicesOf } from './expected.mjs';
import { load } from './load.mjs';
import { statusOf } from './wire.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' } } });
installRuntimes();
const folder = packedFolder('edge');
cpSync(join(root, 'examples/edge'), folder, { recursive: true });

/** Bundles an entry; `settings` say where the package's wasm comes from, or that there is none. */
const bundle = (entry, outfile, settings) =>
  build({
    entryPoints: [join(folder, entry)],
    outfile: join(folder, outfile),
    bundle: true,
    format: 'esm',
    platform: 'node',
    ...settings,
  });
const JS = { alias: { anymax: 'anymax/js' } };

/** A server of an entry: as it stands with the package beside it, or bundled with anymax/js in the package's place. */
const runs = (name, args, entry) => async (backend) => {
  if (backend === 'js') await bundle(entry, `js/${entry}`, JS);
  const port = await freePort();
  const file = backend === 'js' ? `js/${entry}` : entry;
  const server = start(binary(name), [...args, file], { cwd: folder, env: { ...process.env, PORT: port } });
  return { ...server, origin: `http://127.0.0.1:${port}` };
};

async function workerd(backend) {
  const script = `workerd_${backend}.js`;
  await bundle('worker.js', script, backend === 'js' ? JS : { conditions: ['workerd'], plugins: [keepWasm] });
  return startWorkerd(folder, script, backend === 'js' ? undefined : 'anymax.wasm', SMALL_HEAP);
}

/**
 * V8 collects when its heap is full: a small one shows soon what stays. Measured: left to itself, workerd takes 350 MiB
 * within 100,000 requests of a worker that reads a text and does nothing with it.
 */
const SMALL_HEAP = ['--max-semi-space-size=1', '--max-old-space-size=32'];
const DENO = [
  'run',
  '--no-prompt',
  '--allow-net',
  '--allow-env=PORT',
  '--node-modules-dir=manual',
  `--v8-flags=${SMALL_HEAP}`,
];

const places = {
  ...Object.fromEntries([20, 22, 24, 26].map((v) => [`Node ${v}`, runs(`node-${v}`, SMALL_HEAP, 'node.js')])),
  Deno: runs('deno', DENO, 'deno.js'),
  Bun: runs('bun', [], 'bun.js'),
  workerd,
};

async function answers(origin, backend) {
  for (const request of REQUESTS) {
    const response = await fetch(`${origin}/draw`, { method: 'POST', body: JSON.stringify(request) });
    const text = await response.text();
    const expected = JSON.stringify({ indices: indicesOf(request) });
    if (response.status !== 200 || text !== expected) throw new Error(`${response.status} ${text.slice(0, 500)}`);
    const used = response.headers.get('x-backend');
    if (used !== backend) throw new Error(`the backend is ${used}`);
  }
  return `${REQUESTS.length} answers`;
}

/** Statuses of what fetch would not send. */
async function refusals(origin) {
  const wanted = {
    'Content-Length: 100000000\r\n\r\n': 400, // and nothing comes: the answer does not wait for it
    [`Content-Length: 10\r\n\r\n${' '.repeat(2 ** 21)}`]: 400, // ten spaces are no JSON
    [`Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${' '.repeat(65536)}\r\n`.repeat(32)}0\r\n\r\n`]: 400,
    'Content-Length: -1\r\n\r\n': 400,
  };
  for (const [rest, status] of Object.entries(wanted)) {
    const got = await statusOf(origin, `POST /draw HTTP/1.1\r\nHost: localhost\r\n${rest}`);
    if (got !== status) throw new Error(`${got}, not ${status}, for ${rest.slice(0, 60)}`);
  }
  for (const [path, method, status] of [
    ['/draw', 'GET', 405],
    ['/draw', 'HEAD', 405],
    ['/draw', 'DELETE', 405],
    ['/', 'POST', 404],
    ['/draw', 'POST', 400],
  ]) {
    const response = await fetch(origin + path, { method });
    await response.text();
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status}, not ${status}`);
  }
  return `${Object.keys(wanted).length + 5} refusals`;
}

const check = (place, backend, underLoad) => async () => {
  const server = await place(backend);
  try {
    await answer(server.origin, server);
    const found = [await answers(server.origin, backend), await refusals(server.origin)];
    if (underLoad) found.push(await load(server));
    await answers(server.origin, backend); // nothing of that has disturbed it
    return found.join(', ');
  } catch (error) {
    throw new Error(`${error.message} ${server.output().slice(-1000)}`, { cause: error });
  } finally {
    server.stop();
  }
};

const checks = Object.entries(places).flatMap(([name, place]) => [
  [name, check(place, 'wasm', !/Node 2[026]/.test(name))],
  [`${name} anymax/js`, check(place, 'js', false)],
]);
await runChecks(checks.filter(([name]) => name.includes(options.only)));
