// npm run docs: the API reference, docs/api/index.html, from the docstrings. It fails where an export has none, or where
// a type that one of them names is not exported.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installLocked, root } from '../test/support/packed.mjs';

const docs = join(root, 'docs');
installLocked(docs);
execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc', '--options', 'typedoc.json'], {
  cwd: docs,
  stdio: 'inherit',
});
