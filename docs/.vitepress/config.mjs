import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiPages } from '../../scripts/api.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The pages of a folder by their first headings, in the order of a list; what the list lacks comes last. */
function pagesOf(folder, order = []) {
  const names = readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .map((name) => name.slice(0, -3));
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => ({ text: titleOf(`${folder}/${name}.md`), link: `/${folder}/${name}` }));
}

/** The first heading, up to its colon. */
function titleOf(path) {
  const [, title] = /^# (.*)$/m.exec(readFileSync(join(root, path), 'utf8'));
  return title.split(':')[0];
}

const GUIDE = [
  'start',
  'maxes',
  'random',
  'sampling',
  'rows',
  'tokens',
  'gradients',
  'autodiff',
  'densities',
  'distributions',
  'threads',
  'memory',
  'arrays',
];
const REFERENCE = [
  'special-values',
  'accuracy',
  'speed',
  'where-it-runs',
  'coming-from',
  'random-words',
  'order-of-sums',
];
const examples = readdirSync(join(root, 'examples'))
  .filter((name) => existsSync(join(root, 'examples', name, 'README.md')))
  .map((name) => ({ text: titleOf(`examples/${name}/README.md`), link: `/examples/${name}/README` }));

/** The folders without pages. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['docs', 'examples'].includes(entry.name))
  .map(({ name }) => name);

const guide = { text: 'Guide', items: pagesOf('docs/guide', GUIDE) };
const reference = { text: 'Reference', items: pagesOf('docs/reference', REFERENCE) };
const api = { text: 'API', link: '/docs/api/', items: apiPages };

/** Links from a page to a file of the repository that is no page of the site are shown as text. */
function withoutFiles(md) {
  md.core.ruler.push('files', ({ tokens, env }) => {
    for (const { children } of tokens) {
      let inside = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') inside = isFile(token.attrGet('href'), env.path);
        if (inside && token.type.startsWith('link_')) {
          inside = token.type === 'link_open';
          Object.assign(token, { type: token.type === 'link_open' ? 'em_open' : 'em_close', tag: 'span', attrs: null });
        }
      }
    }
  });
}

function isFile(href, page) {
  if (/^(\w+:|#)/.test(href)) return false;
  const path = resolve(dirname(page), href.split('#')[0]);
  return existsSync(path) && (statSync(path).isDirectory() || !path.endsWith('.md'));
}

export default {
  title: 'anymax',
  description:
    'Normalise, sample and differentiate rows of scores in JavaScript: fast, exact, the same bits everywhere.',
  base: process.env.DOCS_BASE ?? '/',
  srcDir: root,
  outDir: join(root, 'build/docs'),
  cacheDir: join(root, 'build/docs-cache'),
  srcExclude: [...folders.map((name) => `${name}/**`), 'examples/*/!(README).md', '**/node_modules/**'],
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: false,
  markdown: { config: withoutFiles, theme: { light: 'github-light', dark: 'github-dark' } },
  vite: { server: { fs: { allow: [root] } }, publicDir: false },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/docs/guide/start' },
      { text: 'Reference', link: '/docs/reference/special-values' },
      { text: 'API', link: '/docs/api/' },
      { text: 'Try it', link: '/try/index.html', target: '_self' },
    ],
    sidebar: [
      guide,
      reference,
      api,
      { text: 'Examples', items: examples },
      {
        text: 'Project',
        items: ['ARCHITECTURE', 'CONTRIBUTING', 'CHANGELOG'].map((name) => ({
          text: titleOf(`${name}.md`),
          link: `/${name}`,
        })),
      },
    ],
  },
};
