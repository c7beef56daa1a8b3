// npm run test:workflows: actionlint and the schemas of GitHub over .github/workflows; the issue forms have what a form needs; every
// script of npm that a workflow runs is there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installLocked, root, runChecks } from '../support/packed.mjs';

const here = join(root, 'test/workflows');
installLocked(here);
const { createLinter } = await import('actionlint');
const { validateWorkflow } = await import('@action-validator/core');
const { parse } = await import('yaml');

const read = (path) => readFileSync(join(root, path), 'utf8');
const { scripts } = JSON.parse(read('package.json'));
const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const forms = readdirSync(join(root, '.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');
const lint = await createLinter();

/** @param {string} path */
function checkWorkflow(path) {
  const text = read(path);
  const found = lint(text, path).map(({ line, message }) => `line ${line}: ${message}`);
  found.push(...validateWorkflow(text).errors.map((error) => JSON.stringify(error)));
  const named = [...text.matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name]) => name);
  const listed = [...text.matchAll(/'(test:[\w:-]+)'/g)].map(([, name]) => name);
  const missing = [...named, ...listed].filter(
    (name) => !(name in scripts) && !['ci', 'publish', 'run'].includes(name),
  );
  found.push(...missing.map((name) => `no script ${name}`));
  if (found.length > 0) throw new Error(found.join('\n'));
  return `${Object.keys(parse(text).jobs).length} jobs`;
}

/** @param {string} name */
function checkForm(name) {
  const { name: title, description, body } = parse(read(`.github/ISSUE_TEMPLATE/${name}`));
  if (!title || !description || !Array.isArray(body)) throw new Error('a form has name, description and body');
  const ids = body.filter(({ type }) => type !== 'markdown').map(({ id, attributes }) => attributes.label && id);
  if (ids.includes(undefined) || new Set(ids).size < ids.length)
    throw new Error('each field has a label and an id of its own');
  return `${ids.length} fields`;
}

await runChecks([
  ...workflows.map((path) => [path, () => checkWorkflow(path)]),
  ...forms.map((name) => [name, () => checkForm(name)]),
]);
