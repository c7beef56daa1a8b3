/** The kernels' exports, read off the sources: scripts/kernels.mjs, and the same arguments in both trees. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exportsOf } from '../../scripts/kernels.mjs';

describe('exportsOf', () => {
  const texts = (source: string): string[] => exportsOf(source).map(({ text }) => text);

  test('a generic kernel and one of words have two dtypes, another one', () => {
    expect(
      texts('export function foo<T>(\n  src: usize,\n  dst: usize,\n  count: i32,\n  temperature: T,\n): void {'),
    ).toEqual([
      'export function foo_f32(src: usize, dst: usize, count: i32, temperature: f32): void { foo<f32>(src, dst, count, temperature); }',
      'export function foo_f64(src: usize, dst: usize, count: i32, temperature: f64): void { foo<f64>(src, dst, count, temperature); }',
    ]);
    expect(texts('export function foo(dst: usize, rows: i32, n: i32, scratch: usize): void {}')).toEqual([
      'export function foo_f64(dst: usize, rows: i32, n: i32, scratch: usize): void { foo(dst, rows, n, scratch); }',
    ]);
    expect(texts('export function bits(dst: usize, count: i32): void {}')).toEqual([
      'export function bits_f32(dst: usize, count: i32): void { bits(dst, count); }',
      'export function bits_f64(dst: usize, count: i32): void { bits(dst, count); }',
    ]);
    expect(texts('function inner(x: usize): void {}\nexport abstract class Row {}')).toEqual([]);
  });

  test.each([
    'n: i32, rows: i32',
    'rows: i32, scratch: usize, temperature: f64',
    'rows: i32, unknown: i32',
    'x: i32, n: i32',
  ])('refuses src: usize, %s', (list) => {
    expect(() => exportsOf(`export function foo(src: usize, ${list}): void {`)).toThrow(
      'foo: the arguments of a kernel',
    );
  });
});

test('kernels have the same arguments in assembly/ and src/js/', () => {
  const argumentsOf = (folder: string): Record<string, string[]> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
        .flatMap((text) => [...text.matchAll(/^export function (\w+)(?:<T>)?\(([^)]*)\): void/gm)])
        .map(([, name, list]) => [name!, [...list!.matchAll(/\b_?(\w+): /g)].map(([, argument]) => argument!)]),
    );
  const mirror = argumentsOf('src/js');
  const kernels = argumentsOf('assembly');
  expect(Object.keys(kernels).length).toBeGreaterThan(30);
  for (const [name, list] of Object.entries(kernels)) expect(mirror[name], name).toEqual(list);
});
