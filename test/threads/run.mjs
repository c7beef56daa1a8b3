// anymax/threads in other runtimes and in browsers: two workers with the bits of one thread in a cross-origin isolated
// page, one thread and the reason in a page that is not. `npm run test:threads [PLACE]`
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { root, run, runChecks, within } from '../support/packed.mjs';
import { browsers, installBrowsers, open } from '../runtimes/browsers.mjs';
import { binary, installRuntimes, serve } from '../support/servers.mjs';

const report = fileURLToPath(new URL('report.mjs', import.meta.url));
const PAGE = '/page.html';
const HTML = '<!doctype html><script type="module" src="/test/threads/report.mjs"></script>';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' };
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** What a report says, if that is right. */
function check(said, hasWorkers = true) {
  const { threads, reason, differ, error, closed } = JSON.parse(said);
  const right = hasWorkers ? threads === 2 && reason === undefined : threads === 1 && /SharedArrayBuffer/.test(reason);
  const failed = error.startsWith('RangeError: x has length') && /after close/.test(closed);
  if (!right || !failed || differ.length > 0) throw new Error(said);
  return reason ?? `${threads} threads`;
}

/** The report of a page that a browser of its own opens. WebKitGTK's has no shared memory, whatever the headers. */
async function inPage(name, isolated, hasWorkers) {
  let heard;
  const body = new Promise((resolve) => (heard = resolve));
  const site = await serve(async (request, response) => {
    if (request.method === 'POST') {
      heard(await text(request));
      return response.end();
    }
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = join(root, pathname);
    if (pathname !== PAGE && !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)], ...(isolated && ISOLATED) });
    response.end(pathname === PAGE ? HTML : readFileSync(file));
  });
  const browser = open(name, `${site.origin}${PAGE}`);
  try {
    return check(await within(60_000, body, () => `no report: ${browser.output().slice(-500)}`), hasWorkers);
  } finally {
    await browser.stop();
    await site.close();
  }
}

installRuntimes();
installBrowsers();
const checks = [
  ['this Node', () => check(run(process.execPath, [report]))],
  ...Object.entries({
    'node-22': [report],
    'node-24': [report],
    'node-26': [report],
    deno: ['run', '--allow-all', '--node-modules-dir=manual', report],
    bun: [report],
  }).map(([name, args]) => [name, () => check(run(binary(name), args))]),
  ...Object.keys(browsers).flatMap((name) => [
    [`${name}, isolated`, () => inPage(name, true, name !== 'WebKit')],
    [`${name}, not isolated`, () => inPage(name, false, false)],
  ]),
];
await runChecks(checks.filter(([name]) => name.includes(process.argv[2] ?? '')));
