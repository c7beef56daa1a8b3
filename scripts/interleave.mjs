// The four chains of a loop of Row.map or Row.add take turns. The source has a formula once and calls it for four vectors;
// Binaryen leaves one chain of operations behind the other, and the compiler of Node 24 (V8's Turboshaft) keeps that order. A
// processor looks ahead some dozens of operations, so it would wait for one chain where it could work on four. Here each
// chain is cut into pieces of about PIECE operations: chain 0's first piece, chain 1's first, ..., chain 0's second, ...
// What the chains share, constants above all, is loaded for the first and still in its register for the others.
// Measured on Node 24 at n = 1024: exp, log, exponential, Gumbel, softmax at T != 1 a fifth faster, sigmoid 1.3 times,
// softmax and log-softmax 8 %; Node 20, whose compiler orders anew, is the same. No operation is added, dropped or changed,
// so no bit of a result is.
/** With less, the wasm is greater, since what a piece hands on is a local; with more, chains are too far apart again. */
const PIECE = 8;

/** Straight-line code in Binaryen's text: an instruction a line, operands before operators. */
export const STRAIGHT = /(?:^ +(?! |block|loop|if|else|end|br|call|return|drop|unreachable|[()]).+\n)+/gm;

/** The instructions of chains, by the number of their operands. */
const ARITY = [
  [0, /^local\.get$|\.const$/],
  [
    1,
    /^local\.(set|tee)$|^v128\.load(\d+_splat)?$|^f32x4\.(abs|convert_\w+|demote_\w+|neg|sqrt)$|^f64x2\.promote_\w+$/,
  ],
  [2, /^(i32|i32x4|f32x4|f64x2)\.(add|sub|mul|div|eq|ne|pmin|pmax|[gl][et]|sh[lr])(_[su])?$/],
  [2, /^v128\.(and|andnot|or|xor|store)$|^i8x16\.shuffle$/],
  [3, /^v128\.bitselect$/],
];
const arity = (word) => ARITY.find(([, words]) => words.test(word))?.[0];

/**
 * Straight-line code as operations in their order, each with its operands, and the values that its locals have at the end.
 * Undefined if an instruction is not of those above, or the stack is not empty before or after.
 */
function read(lines) {
  const operations = [];
  const locals = new Map();
  const stack = [];
  for (const line of lines) {
    const [word, name] = line.split(' ');
    const count = arity(word);
    if (count === undefined || count > stack.length) return undefined;
    if (word === 'local.get') stack.push(locals.get(name) ?? { line, operands: [] });
    else if (word === 'local.tee') locals.set(name, stack.at(-1));
    else if (word === 'local.set') locals.set(name, stack.pop());
    else {
      const operation = { line, operands: stack.splice(stack.length - count), uses: 0 };
      if (count > 0) operations.push(operation);
      if (!isStore(operation)) stack.push(operation);
    }
  }
  for (const value of [...operations.flatMap(({ operands }) => operands), ...locals.values()]) value.uses++;
  return stack.length === 0 ? { operations, locals } : undefined;
}

const isStore = ({ line }) => line.startsWith('v128.store');
/** A load of anything but a constant, which lies at an address that is one. */
const isData = ({ line, operands }) => line.startsWith('v128.load') && !operands[0].line.startsWith('i32.const');

/** The chains, each a list of the last operations of its pieces. A chain is what depends on the data at one offset. */
function cut(operations) {
  const chains = new Map();
  for (const operation of operations) {
    const { line, operands } = operation;
    const offsets = new Set(operands.flatMap((operand) => operand.offsets ?? []));
    if (isData(operation)) offsets.add(Number(/offset=(\d+)/.exec(line)?.[1] ?? 0));
    operation.offsets = [...offsets];
    operation.size = Math.min(1, offsets.size);
    for (const operand of operands) {
      operation.size += operand.size ?? 0;
      operand.size = 0;
    }
    if (offsets.size !== 1 || isStore(operation)) continue;
    const [offset] = offsets;
    if (!chains.has(offset)) chains.set(offset, []);
    if (operation.size >= PIECE) {
      operation.size = 0;
      chains.get(offset).push(operation);
    }
  }
  return [...chains].sort(([a], [b]) => a - b).map(([, pieces]) => pieces);
}

/** The same code with its chains in turns; undefined if it has not four of two pieces and more. `declare` makes a local. */
function reorder(lines, declare) {
  const code = read(lines);
  if (code === undefined) return undefined;
  const { operations, locals } = code;
  const chains = cut(operations);
  if (chains.length < 4 || chains.some((pieces) => pieces.length < 2)) return undefined;
  // loads come before stores: what is stored may be what is loaded
  if (operations.findLastIndex(isData) > operations.findIndex(isStore) && operations.some(isStore)) return undefined;

  const ordered = [];
  const compute = (value) => {
    value.operands.forEach(push);
    ordered.push(value.line);
    value.done = true;
  };
  const name = (value) => (value.local = declare(value.line.startsWith('i32.') ? 'i32' : 'v128'));
  /** Computed where it is needed first; a local from there on if it is needed again. */
  const push = (value) => {
    if (value.local !== undefined) {
      ordered.push(`local.get ${value.local}`);
      return;
    }
    compute(value);
    if (value.uses > 1 && value.operands.length > 0) ordered.push(`local.tee ${name(value)}`);
  };
  const keep = (value) => {
    if (value.done) return;
    compute(value);
    ordered.push(`local.set ${name(value)}`);
  };
  const turns = Math.max(...chains.map((pieces) => pieces.length));
  for (let i = 0; i < turns; i++) chains.flatMap((pieces) => pieces[i] ?? []).forEach(keep);
  operations.filter(isData).forEach(keep);
  operations.filter(isStore).forEach(push);
  [...locals.values()].forEach(push);
  return [...ordered, ...[...locals.keys()].reverse().map((local) => `local.set ${local}`)];
}

/** The text of a module with its chains in turns. */
export function interleave(text) {
  const functions = text.split(/^(?= \(func )/m).map((source) => {
    const locals = [];
    const declare = (type) => `$chain${locals.push(type) - 1}`;
    const body = source.replace(STRAIGHT, (code) => {
      const lines = reorder(code.match(/\S.*/g), declare);
      return lines === undefined ? code : lines.map((line) => `   ${line}\n`).join('');
    });
    if (locals.length === 0) return source;
    const declarations = locals.map((type, i) => `\n  (local $chain${i} ${type})`).join('');
    return body.replace(/$/m, () => declarations);
  });
  return functions.join('');
}
