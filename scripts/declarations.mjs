// What the bundler of declarations leaves behind, so that an editor shows the text of a function wherever it is called: a docstring
// stands once in the sources, here it is repeated for the members of a namespace, for the overloads that follow it, and for the call
// signature of the one constant that has a type.

const DOCS = String.raw`/\*\*(?:(?!\*/)[^])*\*/\n`;

/** @param {string} text declarations */
export const withDocs = (text) => signatures(overloads(namespaces(text)));

const namespaces = (text) =>
  text.replace(/^declare const \w+: typeof (\w+);$/gm, (line, name) => {
    const [docs = ''] = new RegExp(`${DOCS}(?=declare (?:const|function) ${name}\\b)`).exec(text) ?? [];
    return docs + line;
  });

function overloads(text) {
  const last = new Map();
  return text.replace(new RegExp(`^(${DOCS})?(declare function (\\w+)\\b)`, 'gm'), (_, docs, head, name) => {
    if (docs !== undefined) last.set(name, docs);
    return (last.get(name) ?? '') + head;
  });
}

function signatures(text) {
  const constants = [...text.matchAll(new RegExp(`^(${DOCS})declare const \\w+: (\\w+);$`, 'gm'))];
  const single = constants.filter(([, , type]) => constants.filter(([, , other]) => other === type).length === 1);
  return single.reduce((all, [, docs, type]) => {
    const indented = docs.trimEnd().replace(/^/gm, '    ');
    return all.replace(new RegExp(`^(interface ${type} \\{\\n)(?=    [<(])`, 'm'), (head) => `${head}${indented}\n`);
  }, text);
}
