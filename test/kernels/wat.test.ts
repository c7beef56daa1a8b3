/**
 * V8 does not hoist a constant vector out of a loop but rebuilds it at each use (measured: exp 1.7 times slower), so a
 * kernel's loop takes its constants from linear memory. Read off the text of the release build.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** All zeros and all ones are one instruction each, and may stay. */
const FREE = /^v128\.const i32x4( 0x0{8}| 0xf{8}){4}$/;

/**
 * `v128.const`, and splats of constants, inside loops that hold no other loop and no call: "function, line: instruction". A loop over
 * rows may make one: it takes three instructions of the hundreds of a row.
 */
function constantsInLoops(text: string): string[] {
  const found: string[] = [];
  const open: { word: string; constants: string[]; outer?: boolean }[] = [];
  let name = '';
  let previous = '';
  text.split('\n').forEach((line, i) => {
    const instruction = line.trim();
    const [word = ''] = instruction.split(' ');
    if (word === '(func') {
      name = instruction.split(' ')[1]!;
      open.length = 0;
    } else if (word === 'block' || word === 'loop' || word === 'if') {
      if (word === 'loop') for (const block of open) block.outer = true;
      open.push({ word, constants: [] });
    } else if (word === 'end') {
      const { outer, constants } = open.pop()!;
      if (!outer) found.push(...constants);
    }
    const splat = /^[if]\d+x\d+\.splat$/.test(word) && /^[if]\d\d\.const /.test(previous);
    // a call takes longer than a constant
    if (word === 'call') for (const block of open) block.outer = true;
    const loop = open.findLast((block) => block.word === 'loop');
    if (loop !== undefined && (splat || (word === 'v128.const' && !FREE.test(instruction)))) {
      loop.constants.push(`${name}, line ${i + 1}: ${splat ? `${previous}, ${word}` : instruction}`);
    }
    previous = instruction;
  });
  return found;
}

test('what counts as a constant in a loop', () => {
  const text = `
 (func $before (param $0 i32)
  v128.const i32x4 0x1 0x1 0x1 0x1
  local.set $1
  loop $a
   local.get $0
   if
    i32.const 7
    i32x4.splat
    local.set $1
   end
   v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
   local.get $0
   f32x4.splat
   br $a
  end
  f32.const 1
  f32x4.splat
 )
 (func $after (param $0 i32)
  block $b
   loop $c
    v128.const i32x4 0x2 0x2 0x2 0x2
    drop
   end
  end
 )`;
  expect(constantsInLoops(text)).toEqual([
    '$before, line 9: i32.const 7, i32x4.splat',
    '$after, line 23: v128.const i32x4 0x2 0x2 0x2 0x2',
  ]);
});

test('no loop of the release build makes a constant vector', () => {
  const text = readFileSync(new URL('../../build/anymax.wat', import.meta.url), 'utf8');
  expect(text.match(/\bloop\b/g)!.length).toBeGreaterThan(100);
  expect(constantsInLoops(text)).toEqual([]);
});
