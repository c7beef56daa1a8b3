/**
 * The built declarations as an editor shows them: by the language service, every export and every member of one has a text
 * where the pointer rests on it, and so has every function, and every parameter of it, where its call is typed.
 */
import { readFileSync } from 'node:fs';
import ts from '@typescript/typescript6';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  exports: Record<string, { types?: string; default?: string } | string>;
};
/** The entries with declarations of their own, and the module beside each. */
const entries = Object.entries(manifest.exports).flatMap(([path, entry]) =>
  typeof entry === 'object' && entry.types && entry.default && !path.startsWith('./js')
    ? [{ entry: entry.types, module: entry.default }]
    : [],
);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: [],
};
const CONSUMER = `${root}build/consumer.ts`;

/** A language service that reads the file of a consumer from here, the others from the disk. */
let text = '';
let version = 0;
const service = ts.createLanguageService({
  getCompilationSettings: () => OPTIONS,
  getScriptFileNames: () => [CONSUMER],
  getScriptVersion: (file) => (file === CONSUMER ? String(version) : '1'),
  getScriptSnapshot(file) {
    if (file === CONSUMER) return ts.ScriptSnapshot.fromString(text);
    return ts.sys.fileExists(file) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(file)!) : undefined;
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
});

/** What an editor is asked about: an expression, whether it can be called, or made by `new`. */
interface Name {
  readonly entry: string;
  readonly path: string;
  readonly how: 'call' | 'new' | 'value';
}

const isOurs = (node: ts.Declaration): boolean => node.getSourceFile().fileName.startsWith(`${root}dist/`);
const isHidden = (node: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;

function namesOf(entry: string, values: readonly string[]): Name[] {
  text = `import * as entry from '../${entry}';`;
  version++;
  const program = service.getProgram()!,
    checker = program.getTypeChecker();
  const source = program.getSourceFile(new URL(`../../${entry}`, import.meta.url).pathname)!;
  const visit = (path: string, symbol: ts.Symbol, depth: number): Name[] => {
    const type = checker.getTypeOfSymbol(symbol);
    const inner = (type: ts.Type): ts.Symbol[] =>
      checker
        .getPropertiesOfType(type)
        .filter(
          ({ name, declarations = [] }) =>
            /^\w+$/.test(name) && name !== 'prototype' && declarations.every((node) => isOurs(node) && !isHidden(node)),
        );
    const how =
      type.getConstructSignatures().length > 0 ? 'new' : type.getCallSignatures().length > 0 ? 'call' : 'value';
    const members = depth > 3 || how === 'value' ? [] : inner(type);
    const ofInstance = symbol.flags & ts.SymbolFlags.Class ? inner(checker.getDeclaredTypeOfSymbol(symbol)) : [];
    const ofNamespace = symbol.flags & ts.SymbolFlags.Module ? checker.getExportsOfModule(symbol) : [];
    return [
      { entry, path, how },
      ...[...members, ...ofNamespace]
        .filter(({ flags }) => flags & ts.SymbolFlags.Value)
        .flatMap((member) => visit(`${path}.${member.name}`, aliased(checker, member), depth + 1)),
      ...ofInstance.flatMap((member) =>
        visit(`(null! as InstanceType<typeof ${path}>).${member.name}`, member, depth + 1),
      ),
    ];
  };
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .filter(({ name }) => values.includes(name))
    .map((symbol) => ({ name: symbol.name, symbol: aliased(checker, symbol) }))
    .flatMap(({ name, symbol }) => visit(`entry.${name}`, symbol, 0));
}

const aliased = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const texts = (parts: ts.SymbolDisplayPart[] | undefined): string => ts.displayPartsToString(parts).trim();

/** What an editor has no text for. */
function silentParts({ entry, path, how }: Name): string[] {
  const head = `import * as entry from '../${entry}';\n`;
  const instance = path.replace(/^\(null! as InstanceType<typeof (.*)>\)/, '$1');
  text = `${head}${path}${how === 'value' ? '' : '('}`;
  if (how === 'new') text = `${head}new ${path}(`;
  version++;
  const at = text.length - (how === 'value' ? 1 : 2);
  const silent = [];
  if (texts(service.getQuickInfoAtPosition(CONSUMER, at)?.documentation) === '') silent.push(`${instance}: quick info`);
  if (how === 'value') return silent;
  const help = service.getSignatureHelpItems(CONSUMER, text.length, undefined);
  for (const [i, item] of (help?.items ?? []).entries()) {
    if (texts(item.documentation) === '') silent.push(`${instance}: signature ${i}`);
    for (const parameter of item.parameters)
      if (texts(parameter.documentation) === '') silent.push(`${instance}: ${parameter.name} of signature ${i}`);
  }
  if (help === undefined) silent.push(`${instance}: signature help`);
  return silent;
}

test.each(entries)('$entry: every name and every call has its text', async ({ entry, module }) => {
  const names = namesOf(entry, Object.keys((await import(root + module)) as object));
  expect(names.length).toBeGreaterThan(0);
  expect(names.flatMap(silentParts)).toEqual([]);
});
