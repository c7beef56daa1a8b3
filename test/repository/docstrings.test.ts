/** Every name that the package exports has a docstring, as has every function that hangs on one, and every member of a class. */
import ts from '@typescript/typescript6';
import { expect, test } from 'vitest';

const entry = new URL('../../src/index.ts', import.meta.url).pathname;
const program = ts.createProgram([entry], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
});
const checker = program.getTypeChecker();

interface Name {
  readonly path: string;
  readonly documented: boolean;
}

/** Whether there is a comment before a declaration. What stands at the head of a file is about the file. */
function isDocumented(symbol: ts.Symbol): boolean {
  const nodes = symbol.declarations?.map((node) => (ts.isNamespaceExport(node) ? node.parent : node)) ?? [];
  return nodes.flatMap((node) => ts.getJSDocCommentsAndTags(node)).some(({ pos }) => pos > 0);
}

const isPrivate = (node: ts.Declaration): boolean => ts.isPrivateIdentifier(ts.getNameOfDeclaration(node) ?? node);

/** Whether it can be seen, and was written here rather than in the libraries of the language. */
function isPublic({ name, declarations = [] }: ts.Symbol): boolean {
  const ours = declarations.some((node) => !program.isSourceFileDefaultLibrary(node.getSourceFile()));
  return ours && name !== 'prototype' && !declarations.some(isPrivate);
}

/** A name with those that it leads to: exports of a namespace, members of a class, what hangs on a function. */
function withBelow(path: string, exported: ts.Symbol): Name[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const name = { path, documented: isDocumented(exported) || isDocumented(symbol) };
  return [name, ...membersOf(symbol).flatMap((member) => withBelow(`${path}.${member.name}`, member))];
}

function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  if (symbol.flags & ts.SymbolFlags.Module) return checker.getExportsOfModule(symbol);
  const types = [];
  if (symbol.flags & (ts.SymbolFlags.Variable | ts.SymbolFlags.Class)) types.push(checker.getTypeOfSymbol(symbol));
  if (symbol.flags & ts.SymbolFlags.Class) types.push(checker.getDeclaredTypeOfSymbol(symbol));
  return types.flatMap((type) => checker.getPropertiesOfType(type)).filter(isPublic);
}

const index = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
const names = checker.getExportsOfModule(index).flatMap((symbol) => withBelow(symbol.name, symbol));

test('the names are those of the public surface', () => {
  const some = ['softmax', 'softmax.vjp', 'random.gumbel', 'Rng.next', 'Rng.from', 'Floats', 'MaxOptions'];
  expect(names.map(({ path }) => path)).toEqual(expect.arrayContaining(some));
});

test.each(names)('$path has a docstring', ({ documented }) => {
  expect(documented).toBe(true);
});
