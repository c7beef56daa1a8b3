/** scripts/interleave.mjs: the same results, chains in turns, and what it must not touch. */
import { readFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';
import { describe, expect, test } from 'vitest';
import { interleave, STRAIGHT } from '../../scripts/interleave.mjs';

/** What a chain does to the vector x on the stack: `steps` times x = x / (x * x + 1) + i, with a local in between. */
const steps = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `
   local.tee $x
   local.get $x
   local.get $x
   f32x4.mul
   i32.const ${4 * i}
   v128.load32_splat
   f32x4.add
   f32x4.div
   i32.const ${4 * i}
   v128.load32_splat
   f32x4.add`,
  ).join('');
const load = (offset: number) => `
   local.get $src
   v128.load offset=${offset}`;
const store = (offset: number) => `
   local.set $y
   local.get $dst
   local.get $y
   v128.store offset=${offset}`;
/** Straight-line code that sets $x and $y, which are read behind it. */
const module = (code: string) => `(module
 (memory $0 1)
 (data $0 (i32.const 0) "\\00\\00\\80\\3f\\00\\00\\00\\40\\00\\00\\40\\40\\00\\00\\80\\40\\00\\00\\a0\\40\\00\\00\\c0\\40")
 (export "memory" (memory $0))
 (export "run" (func $run))
 (func $run (param $src i32) (param $dst i32)
  (local $x v128)
  (local $y v128)${code}
   block
   end
   local.get $dst
   local.get $y
   v128.store offset=64
   local.get $dst
   local.get $x
   v128.store offset=80
 )
)
`;
const OFFSETS = [0, 16, 32, 48];
/** dst = the chain of src, plus src loaded again, at each of the offsets. As asc leaves it: chain behind chain, then the stores. */
const chains = (count: number, offsets = OFFSETS) =>
  module(
    offsets
      .map((offset) => `${load(offset)}${steps(count)}${load(offset)}\n   f32x4.add\n   local.set $v${offset}`)
      .join('') + offsets.map((offset) => `\n   local.get $v${offset}${store(offset)}`).join(''),
  ).replace('(local $y v128)', `(local $y v128)${offsets.map((offset) => ` (local $v${offset} v128)`).join('')}`);

/** The memory after a run, from random numbers in [0, 2) and with the result at `dst`. */
function memoryAfter(text: string, dst: number): Uint8Array {
  const parsed = binaryen.parseText(text);
  parsed.setFeatures(binaryen.Features.All);
  const { memory, run } = new WebAssembly.Instance(
    new WebAssembly.Module(parsed.emitBinary() as Uint8Array<ArrayBuffer>),
  ).exports as { memory: WebAssembly.Memory; run: (src: number, dst: number) => void };
  const words = new Uint32Array(memory.buffer, 256, 64);
  for (let i = 0, word = 1; i < words.length; i++) words[i] = (word = Math.imul(word, 1664525) + 1013904223) >>> 2;
  run(256, dst);
  return new Uint8Array(memory.buffer, 0, 1024);
}

/** The chain of each division, told by the values that go into it. */
function turns(text: string): number[] {
  const chain = new Map<string, number>();
  const stack: (number | undefined)[] = [];
  const found: number[] = [];
  for (const line of text.match(/^ {3}\S.*/gm)!) {
    const [word = '', name = ''] = line.trim().split(' ');
    if (word === 'local.get') stack.push(chain.get(name));
    else if (word === 'local.tee' || word === 'local.set') {
      const value = word === 'local.tee' ? stack.at(-1) : stack.pop();
      if (value !== undefined) chain.set(name, value);
    } else if (word === 'v128.load') stack.splice(-1, 1, Number(name.slice('offset='.length)) / 16);
    else if (word === 'v128.store') stack.splice(-2);
    else if (word === 'i32.const') stack.push(undefined);
    else if (word.startsWith('f32x4.')) {
      const [a, b] = stack.splice(-2);
      stack.push(a ?? b);
      if (word === 'f32x4.div') found.push((a ?? b)!);
    }
  }
  return found;
}

describe('four chains of six steps', () => {
  const before = chains(6);
  const after = interleave(before);

  test('take turns', () => {
    expect(turns(before)).toEqual([0, 1, 2, 3].flatMap((chain) => Array(6).fill(chain)));
    expect(turns(after)).toEqual(Array(3).fill([0, 0, 1, 1, 2, 2, 3, 3]).flat());
  });

  test.each([512, 256, 264])('leave the same memory, the result at %d', (dst) => {
    expect(memoryAfter(after, dst)).toEqual(memoryAfter(before, dst));
    expect(memoryAfter(before, dst)).not.toEqual(memoryAfter(module(''), dst));
  });
});

test.each([
  ['chains that are too short', chains(3)],
  ['three chains', chains(6, [0, 16, 32])],
  ['loads behind stores', module(OFFSETS.map((offset) => load(offset) + steps(6) + store(offset)).join(''))],
  ['what leaves a value on the stack', chains(6).replace('block', 'local.get $src\n   if')],
  ['an instruction that it does not know', chains(6).replace(/f32x4.add(?=\s+local.set \$v48)/, 'f32x4.max')],
])('it leaves alone %s', (_, text) => {
  expect(memoryAfter(text, 264)).toBeDefined();
  expect(interleave(text)).toBe(text);
});

/**
 * The hot loops, by the function of assembly/ that each stands in, and how many stand there. What scripts/interleave.mjs misses
 * or finds besides shows in the difference. A new hot loop, or one that moves to another function, changes a line here.
 */
const INTERLEAVED = {
  'Exponential.slice<f32>': 1,
  'Exponentials.four': 1, // short rows side by side
  'Exponentials.sum<f32>': 2, // at T = 1, and at others
  'gumbel<f32>': 1,
  'log<f32>': 1,
};

/** The loops over four vectors that have so many instructions that their order matters, by function. */
function hotLoops(text: string): [name: string, vectors: string[]][] {
  return text
    .split(/^(?= \(func )/m)
    .slice(1)
    .flatMap((source) => {
      const name = /\(func \$(\S+)/.exec(source)![1]!.replace(/\w+\//g, '');
      const vectors = (code: string) => code.match(/\S.*/g)!.filter((line) => /^(v128|[fi]\d\dx\d)\./.test(line));
      return (source.match(STRAIGHT) ?? [])
        .map(vectors)
        .filter((code) => code.length >= 100 && code.includes('v128.load offset=48'))
        .map((code): [string, string[]] => [name, code]);
    });
}

/** Left in chains one behind the other, the last constant is loaded for the first of four: before half of a loop. */
test('the hot loops of the release build are interleaved, and no others', () => {
  const found: Record<string, number> = {};
  for (const [name, code] of hotLoops(readFileSync(new URL('../../build/anymax.wat', import.meta.url), 'utf8'))) {
    const lastConstant = code.findLastIndex((line) => line.includes('_splat')) / code.length;
    const key = lastConstant > 0.6 ? name : `${name}, chain behind chain`;
    found[key] = (found[key] ?? 0) + 1;
  }
  expect(found).toEqual(INTERLEAVED);
});
