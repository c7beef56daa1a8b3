// npm run docs: the site in build/docs, of README, docs/, the READMEs of the examples, the API from the docstrings
// (scripts/api.mjs) and the page of examples/browser. It fails where a link leads nowhere. -- --serve shows it on 127.0.0.1.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { buildPage } from '../examples/browser/serve.mjs';
import { installLocked, root, run } from '../test/support/packed.mjs';
import { writeApi } from './api.mjs';

const docs = join(root, 'docs');
const site = join(root, 'build/docs');
/** Where the site will lie on its server. */
const BASE = process.env.DOCS_BASE ?? '/';

/** The page of the browser example, beside those of VitePress. */
async function addPage() {
  const folder = join(site, 'try');
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(await buildPage())) {
    writeFileSync(join(folder, path === '/' ? 'index.html' : path), text);
  }
}

/** @param {string} folder @returns {string[]} */
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Every href and src of every page that leads to no file, or to no element of it. */
function deadLinks() {
  const pages = filesOf(site).filter((path) => path.endsWith('.html'));
  const textOf = new Map(pages.map((path) => [path, readFileSync(path, 'utf8')]));
  const idsOf = new Map(
    pages.map((path) => [path, new Set([...textOf.get(path).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))]),
  );
  return pages.flatMap((page) =>
    [...textOf.get(page).matchAll(/\s(?:href|src)="([^"]*)"/g)].flatMap(([, link]) => {
      if (/^(\w+:|\/\/)/.test(link)) return [];
      const { pathname, hash } = new URL(link.replaceAll('&amp;', '&'), `http://site${page.slice(site.length)}`);
      const path = join(
        site,
        decodeURIComponent(pathname.startsWith(BASE) ? `/${pathname.slice(BASE.length)}` : pathname),
      );
      const file = path.endsWith('/') ? join(path, 'index.html') : extname(path) === '' ? `${path}.html` : path;
      const id = decodeURIComponent(hash.slice(1));
      const found = existsSync(file) && (id === '' || !idsOf.has(file) || idsOf.get(file).has(id));
      return found ? [] : [`${page.slice(site.length + 1)}: ${link}`];
    }),
  );
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** @param {number} port */
export function serve(port) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const path = join(site, decodeURIComponent(pathname));
    const file = [path, `${path}.html`, join(path, 'index.html')].find(
      (name) => existsSync(name) && extname(name) !== '',
    );
    response.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(file ?? '')] ?? 'application/octet-stream' });
    response.end(file ? readFileSync(file) : '');
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

installLocked(docs);
writeApi(join(docs, 'api'));
run(process.execPath, [join(docs, 'node_modules/vitepress/bin/vitepress.js'), 'build', docs], { cwd: root });
await addPage();
const dead = deadLinks();
if (dead.length > 0) {
  console.error(`Links that lead nowhere:\n${dead.join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(
    `Written: ${join(dirname(site), 'docs')}, ${filesOf(site).filter((path) => path.endsWith('.html')).length} pages`,
  );
}
if (process.argv.includes('--serve')) {
  const server = await serve(Number(process.env.PORT ?? 0));
  console.log(`http://127.0.0.1:${server.address().port}/ (Ctrl+C ends it)`);
}
