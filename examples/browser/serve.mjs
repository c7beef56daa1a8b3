// npm run example:browser: builds the page with esbuild and serves it on 127.0.0.1, at PORT or any free one.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const TYPES = { '/': 'text/html', '/page.js': 'text/javascript', '/page.css': 'text/css' };

/** What the page needs, and nothing else; without 'wasm-unsafe-eval' it runs on the JavaScript mirror. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:";

/** The three files of the page by their address. */
export async function buildPage() {
  const { outputFiles } = await build({
    entryPoints: [`${here}page.js`, `${here}page.css`],
    outdir: '/',
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    tsconfigRaw: {}, // 'anymax' is the package as installed, not its sources
  });
  const [script, style] = outputFiles.map(({ text }) => text);
  return { '/': readFileSync(`${here}index.html`, 'utf8'), '/page.js': script, '/page.css': style };
}

/** @param {Record<string, string>} files @param {string} policy */
export const listener = (files, policy) => (request, response) => {
  if (!Object.hasOwn(files, request.url)) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-security-policy', policy);
  response.setHeader('content-type', `${TYPES[request.url] ?? 'text/javascript'}; charset=utf-8`);
  response.end(files[request.url]);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = createServer(listener(await buildPage(), POLICY));
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${server.address().port}/ (Ctrl+C ends it)`);
  });
}
