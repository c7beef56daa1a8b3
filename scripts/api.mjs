// The pages of the API: one for each room of src/, from the signatures and docstrings of what the package exports.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from '@typescript/typescript6';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What can be imported, and the source that it is built from. */
const MODULES = {
  anymax: 'src/index.ts',
  'anymax/tokens': 'src/tokens/tokens.ts',
  'anymax/threads': 'src/threads/pool.ts',
  'anymax/tfjs': 'src/tfjs/lift.ts',
};
/** Title and first sentence of each page, in the order of the index; a room without a line here is an error. */
const ROOMS = {
  max: ['Maxes', 'From rows of scores to the simplex, with gradients, entropies and losses.'],
  random: ['Random numbers', 'Keys, streams of keys, noise.'],
  sample: ['Sampling', 'Classes and relaxed samples from logits or weights.'],
  density: ['Densities', 'Log-densities of relaxed samples, with their gradients.'],
  distributions: ['Distributions', 'Distributions as classes, and their divergences.'],
  objectives: ['Objectives', 'Terms of an ELBO with discrete latent variables, and semi-supervised objectives.'],
  tokens: ['Tokens', "Sampling from a language model's logits: `anymax/tokens`."],
  math: ['Gradients', 'An op with what its gradient needs.'],
  engine: ['Memory and backend', 'Arrays in the memory of the engine, and which backend computes.'],
  threads: ['Threads', 'The functions of the package on several cores: `anymax/threads`.'],
  tfjs: ['TensorFlow.js', 'The functions of the package as differentiable functions of tensors: `anymax/tfjs`.'],
};

const program = ts.createProgram(
  Object.values(MODULES).map((path) => join(root, path)),
  {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
  },
);
const checker = program.getTypeChecker();
const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

const resolved = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
const textOf = (parts) => ts.displayPartsToString(parts);
/** A text outside of code, as VitePress takes it: no tags, no templates. */
const escaped = (text) => text.replaceAll('<', '&lt;').replaceAll('{{', '{ {');
const cell = (text) => escaped(text).replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const code = (text) => `\`${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
const table = (head, rows) =>
  rows.length === 0 ? '' : [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
/** The first sentence. */
const sentence = (text) => (/^[\s\S]*?[.:](?=\s|$)/.exec(text)?.[0] ?? text).replace(/:$/, '.');

const PARTS = /(^|\s)(Shapes|Special\s+values|Errors|Accuracy(?: \(\w+\))?|Source):\s/g;
/** A docstring: the names of its parts stand out, what is indented is code. */
const prose = (text) =>
  text
    .split(/((?:^ {4}.*\n?)+)/m)
    .map((part) => (part.startsWith('    ') ? block('text', part.replace(/^ {4}/gm, '').trimEnd()) : paragraphs(part)))
    .join('\n\n');

const block = (language, text) => `\`\`\`${language}\n${text}\n\`\`\``;

const paragraphs = (text) =>
  escaped(text)
    .replace(PARTS, '\n\n**$2.** ')
    .replace(/^(\*\*[^*]+\.\*\* )([a-z])(?=[a-z]+ )/gm, (_, label, letter) => label + letter.toUpperCase());

const anchor = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** The exports themselves: a type among them has a section of its own. */
const exported = new Set(
  Object.values(MODULES).flatMap((path) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(root, path)))).map(resolved),
  ),
);

/** What can be seen of a type, and was written here. */
function membersOf(type) {
  return checker.getPropertiesOfType(type).filter(({ name, declarations = [] }) => {
    const ours = declarations.some((node) => !program.isSourceFileDefaultLibrary(node.getSourceFile()));
    const seen = (node) => !ts.isPrivateIdentifier(ts.getNameOfDeclaration(node) ?? node) && !isInternal(node);
    return ours && name !== 'prototype' && !name.startsWith('__') && declarations.every(seen);
  });
}

const isInternal = (node) =>
  ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal') ||
  (ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;

const tagsOf = (tags, name) => tags.filter((tag) => tag.name === name).map((tag) => textOf(tag.text));

/** Types without what is not to the point. */
const plain = (text) => text.replaceAll('<ArrayBufferLike>', '').replace(/\?: ([^,()]*) \| undefined/g, '?: $1');

/** `name(a, b): type`, on several lines where it is long. */
function signatureText(name, signature) {
  const text = plain(`${name}${checker.signatureToString(signature, undefined, FORMAT)}`);
  if (text.length <= 90) return text;
  const parameters = signature.getParameters().map((symbol) => `  ${parameterText(symbol)},`);
  const [head] = /^[^(]*/.exec(text);
  const result = checker.typeToString(signature.getReturnType(), undefined, FORMAT);
  return plain([`${head}(`, ...parameters, `): ${result}`].join('\n'));
}

function parameterText(symbol) {
  const node = symbol.valueDeclaration;
  const optional = ts.isParameter(node) && (node.questionToken ?? node.initializer) ? '?' : '';
  return `${symbol.name}${optional}: ${node.type?.getText() ?? checker.typeToString(checker.getTypeOfSymbol(symbol), node, FORMAT)}`;
}

/** What a function is: signatures, docstring, parameters, result, errors, examples. */
function functionText(name, symbol, signatures) {
  const own = symbol.getDocumentationComment(checker),
    tags = [...symbol.getJsDocTags(checker), ...signatures.flatMap((signature) => signature.getJsDocTags())];
  const docs = own.length > 0 ? own : (signatures[0]?.getDocumentationComment(checker) ?? []);
  const documented = new Map(
    tags
      .filter(({ name }) => name === 'param')
      .map(({ text }) => /^(\w+)\s*(?:-\s*)?([\s\S]*)$/.exec(textOf(text)).slice(1)),
  );
  const parameters = new Map(signatures.flatMap((each) => each.getParameters()).map((each) => [each.name, each]));
  const rows = [...parameters].map(([parameter]) => [code(parameter), cell(documented.get(parameter) ?? '')]);
  const unique = (of) => [...new Set(tagsOf(tags, of))];
  return [
    block('ts', signatures.map((each) => signatureText(name, each)).join('\n')),
    prose(textOf(docs)),
    rows.some(([, text]) => text !== '') ? table(['parameter', ''], rows) : '',
    ...unique('returns').map((text) => `**Returns.** ${escaped(text)}`),
    ...unique('throws').map((text) => `**Throws.** ${escaped(text)}`),
    ...unique('example').map((text) => block('js', text.replace(/^```.*$/gm, '').trim())),
  ].filter((part) => part !== '');
}

/** A function with what hangs on it. */
function withMembers(title, name, symbol, level) {
  const type = checker.getTypeOfSymbol(symbol);
  const shared = type.symbol !== symbol && exported.has(type.symbol) ? type.symbol.name : undefined;
  const heading = `${'#'.repeat(level)} ${title}`;
  const members = shared === undefined ? membersOf(type) : [];
  const functions = members.filter((member) => checker.getTypeOfSymbol(member).getCallSignatures().length > 0);
  const values = members.filter((member) => !functions.includes(member));
  return [
    heading,
    ...functionText(name, symbol, type.getCallSignatures()),
    shared === undefined ? '' : `Its members are those of [${shared}](#${anchor(shared)}).`,
    table(
      ['member', ''],
      values.map((member) => [code(`${name}.${member.name}`), cell(docOf(member))]),
    ),
    ...functions.flatMap((member) =>
      withMembers(`${title}.${member.name}`, `${name}.${member.name}`, member, level + 1),
    ),
  ];
}

const docOf = (symbol) => textOf(symbol.getDocumentationComment(checker));

/** A class: how it is made, what it has. */
function classText(name, symbol) {
  const statics = membersOf(checker.getTypeOfSymbol(symbol)),
    members = membersOf(checker.getDeclaredTypeOfSymbol(symbol)).filter(({ name }) => !name.startsWith('['));
  const constructors = checker.getTypeOfSymbol(symbol).getConstructSignatures();
  const rows = (owner) => (member) => {
    const [signature] = checker.getTypeOfSymbol(member).getCallSignatures();
    const call = signature
      ? `${owner}${member.name}(${signature
          .getParameters()
          .map(({ name }) => name)
          .join(', ')})`
      : `${owner}${member.name}`;
    return [code(call), cell(docOf(member))];
  };
  const isPublic = !constructors.every(({ declaration }) => declaration && isInternal(declaration));
  return [
    `## ${name}`,
    ...functionText(`new ${name}`, symbol, isPublic ? constructors : []).filter((part) => part !== '```ts\n\n```'),
    table(['member', ''], [...statics.map(rows(`${name}.`)), ...members.map(rows(''))]),
  ];
}

/** An interface or another type. */
function typeText(name, symbol) {
  const declaration = symbol.declarations[0];
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const calls = type.getCallSignatures();
  const members = ts.isInterfaceDeclaration(declaration) ? membersOf(type) : [];
  const functions = members.filter((member) => checker.getTypeOfSymbol(member).getCallSignatures().length > 0);
  const rows = members.filter((member) => !functions.includes(member));
  return [
    `## ${name}`,
    ...(calls.length > 0 ? functionText(name, symbol, calls) : [prose(docOf(symbol))]),
    ts.isTypeAliasDeclaration(declaration) ? block('ts', declaration.getText().replace(/^export /, '')) : '',
    table(
      ['property', 'type', ''],
      rows.map((member) => [
        code(member.name),
        code(checker.typeToString(checker.getTypeOfSymbol(member), undefined, FORMAT)),
        cell(docOf(member)),
      ]),
    ),
    ...functions.flatMap((member) => withMembers(`${name}.${member.name}`, member.name, member, 3)),
  ];
}

/** What an export is, where it comes from, what it says, how it is shown. */
function entryOf(module, exported) {
  const symbol = resolved(exported);
  const file = symbol.declarations[0].getSourceFile().fileName;
  const room = basename(dirname(file));
  const page =
    module === 'anymax' ? (symbol.flags & ts.SymbolFlags.Module ? 'random' : room) : module.slice('anymax/'.length);
  const { name } = exported;
  const about = docOf(exported) || docOf(symbol);
  const common = { page, name, about: sentence(about) };
  if (symbol.flags & ts.SymbolFlags.Module) {
    const inner = checker
      .getExportsOfModule(symbol)
      .map(resolved)
      .filter(({ flags }) => flags & ts.SymbolFlags.Variable);
    const sections = inner.map((member) => withMembers(`${name}.${member.name}`, `${name}.${member.name}`, member, 2));
    return inner.map((member, i) => ({
      page,
      name: `${name}.${member.name}`,
      about: sentence(docOf(member)),
      kind: 0,
      text: sections[i],
    }));
  }
  if (symbol.flags & ts.SymbolFlags.Class) return [{ ...common, kind: 1, text: classText(name, symbol) }];
  if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable))
    return [{ ...common, kind: 0, text: withMembers(name, name, symbol, 2) }];
  return [{ ...common, kind: 2, text: typeText(name, symbol) }];
}

/** Writes the pages and their index. @param {string} folder */
export function writeApi(folder) {
  const entries = Object.entries(MODULES).flatMap(([module, path]) =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(root, path))))
      .flatMap((symbol) => entryOf(module, symbol)),
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const strangers = entries.filter(({ page }) => !Object.hasOwn(ROOMS, page));
  if (strangers.length > 0)
    throw new Error(`no page for ${strangers.map(({ name, page }) => `${name} of ${page}`).join(', ')}`);
  const sections = [];
  for (const [page, [title, about]] of Object.entries(ROOMS)) {
    const own = entries
      .filter((entry) => entry.page === page)
      .sort((a, b) => a.kind - b.kind || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
    const text = own.flatMap(({ text }) => text).filter((part) => part !== '');
    writeFileSync(join(folder, `${page}.md`), `# ${title}\n\n${about}\n\n${text.join('\n\n')}\n`);
    const rows = own
      .filter(({ kind }) => kind < 2)
      .map(({ name, about }) => [`[\`${name}\`](${page}.md#${anchor(name)})`, cell(about)]);
    sections.push(`## [${title}](${page}.md)`, about, table(['function', ''], rows));
  }
  const head =
    'Every function and class of the package, with a sentence for each. Types are on the pages of their rooms.';
  writeFileSync(join(folder, 'index.md'), `# API\n\n${head}\n\n${sections.join('\n\n')}\n`);
}

/** The pages for a list of links, in order. */
export const apiPages = Object.entries(ROOMS).map(([page, [title]]) => ({ text: title, link: `/docs/api/${page}` }));
