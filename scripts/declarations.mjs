// What the bundler of declarations leaves behind, so that an editor shows the text of a function wherever it is called. A docstring
// stands once in the sources. Here it is repeated for a namespace and its members, for the overloads of a function, and for the
// call signature of the one constant that has a type.
import { readFileSync } from 'node:fs';

const DOCS = String.raw`/\*\*(?:(?!\*/)[^])*\*/\n`;

/** @param {string} text declarations */
export const withDocs = (text) => signatures(overloads(members(namespaces(text))));

/** Namespaces are named, and explained, in the list of ops. */
function namespaces(text) {
  const named = readFileSync('src/ops.ts', 'utf8').matchAll(new RegExp(`(${DOCS})export \\* as (\\w+) from`, 'g'));
  return [...named].reduce(
    (all, [, docs, name]) => all.replace(`declare namespace ${name} {`, (head) => docs + head),
    text,
  );
}

const members = (text) =>
  text.replace(/^declare const \w+: typeof (\w+);$/gm, (line, name) => {
    const [docs = ''] = new RegExp(`${DOCS}(?=declare (?:const|function) ${name}\\b)`).exec(text) ?? [];
    return docs + line;
  });

/** An overload without a docstring has that of the first one, an overload without parameters in it its tags. */
function overloads(text) {
  const first = new Map();
  return text.replace(new RegExp(`^(${DOCS})?(declare function (\\w+)\\b)`, 'gm'), (_, docs, head, name) => {
    const known = first.get(name) ?? docs ?? '';
    first.set(name, known);
    if (docs === undefined) return known + head;
    const [tags = ''] = / \* @param[^]*?(?= \* @example| \*\/)/.exec(known) ?? [];
    return (docs.includes('@param') ? docs : docs.replace(/(?:\n)? ?\*\/\n$/, `\n *\n${tags} */\n`)) + head;
  });
}

function signatures(text) {
  const constants = [...text.matchAll(new RegExp(`^(${DOCS})declare const \\w+: ([\\w$]+);$`, 'gm'))];
  const single = constants.filter(([, , type]) => constants.filter(([, , other]) => other === type).length === 1);
  return single.reduce((all, [, docs, type]) => {
    const indented = docs.trimEnd().replace(/^/gm, '    ');
    const head = `interface ${type} {\n`;
    const at = all.indexOf(`\n${head}    `) + 1 + head.length;
    return at > head.length && /[<(]/.test(all[at + 4]) ? `${all.slice(0, at)}${indented}\n${all.slice(at)}` : all;
  }, text);
}
