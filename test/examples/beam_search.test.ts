/**
 * Stochastic beam search against the enumeration of a model of eight sequences, or of those with an end. Keys are fixed; a
 * right search fails each test under a fresh one with probability 3e-7; a pair whose probability is off by a tenth is seen.
 */
import { init, Rng } from 'anymax';
import { beforeAll, describe, expect, test } from 'vitest';
import { estimate, stochasticBeamSearch } from '../../examples/beam_search/search.mjs';
import { chiSquare } from '../support/statistics.ts';

beforeAll(() => init({ backend: 'wasm' }));

interface Found {
  readonly word: number[];
  readonly logP: number;
  readonly score: number;
}
const search = stochasticBeamSearch as (rng: Rng, model: object, k: number, length: number) => Found[];

/** The scores of what follows a word depend on all of it. */
const scoreOf = (word: readonly number[], letter: number): number => Math.sin(3 * word.length + 2 * letter + word.reduce((a, b) => 2 * a + b + 1, 0)); // prettier-ignore

/** A model of words of so many letters, the last of which may be an end. */
function modelOf(classes: number, end: number | undefined, length: number) {
  const leaves: { name: string; p: number }[] = [];
  const visit = (word: number[], p: number): void => {
    if (word.length === length || (end !== undefined && word.at(-1) === end)) {
      leaves.push({ name: word.join(''), p });
      return;
    }
    const e = Array.from({ length: classes }, (_, i) => Math.exp(scoreOf(word, i)));
    const sum = e.reduce((a, b) => a + b);
    e.forEach((v, i) => visit([...word, i], (p * v) / sum));
  };
  visit([], 1);
  return {
    length,
    leaves,
    model: {
      classes,
      end,
      scoresOf: (words: number[][], scores: Float64Array) =>
        words.forEach((word, r) => {
          for (let i = 0; i < classes; i++) scores[r * classes + i] = scoreOf(word, i);
        }),
    },
  };
}

describe.each([
  ['eight sequences', modelOf(2, undefined, 3)],
  ['sequences with an end', modelOf(3, 2, 3)],
])('%s', (_, { length, leaves, model }) => {
  const rng = new Rng('beam search'),
    runs = 20_000;
  const found = Array.from({ length: runs }, () => search(rng, model, 2, length));

  test('pairs come as if drawn without replacement', () => {
    const counts = new Map<string, { count: number; p: number }>();
    for (const a of leaves) {
      for (const b of leaves) {
        if (a !== b) counts.set(`${a.name} ${b.name}`, { count: 0, p: (a.p * b.p) / (1 - a.p) });
      }
    }
    for (const pair of found) counts.get(pair.map(({ word }) => word.join('')).join(' '))!.count++;
    // rare pairs together
    const cells = [...counts.values()].filter(({ p }) => p * runs >= 20);
    const rare = [...counts.values()].filter(({ p }) => p * runs < 20);
    const all = [...cells, { count: rare.reduce((s, v) => s + v.count, 0), p: rare.reduce((s, v) => s + v.p, 1e-300) }];
    expect(chiSquare(all.map(({ count }) => count), all.map(({ p }) => p))).toBeLessThan(5); // prettier-ignore
  });

  test('the best score is Gumbel(0), whichever sequence has it; log p is that of the model', () => {
    const scores = found.map(([best]) => best!.score).sort((a, b) => a - b);
    const distance = scores.reduce((d, v, i) => {
      const cdf = Math.exp(-Math.exp(-v));
      return Math.max(d, cdf - i / runs, (i + 1) / runs - cdf);
    }, 0);
    expect(Math.sqrt(runs) * distance).toBeLessThan(2.9);
    const p = new Map(leaves.map((leaf) => [leaf.name, leaf.p]));
    for (const { word, logP } of found.slice(0, 100).flat()) {
      expect(Math.abs(logP - Math.log(p.get(word.join(''))!))).toBeLessThan(1e-13);
    }
  });

  test('a beam for all gives each sequence once, in the order of the scores; the estimate is then exact', () => {
    const all = search(new Rng(1), model, leaves.length, length);
    expect(all.map(({ word }) => word.join('')).sort()).toEqual(leaves.map(({ name }) => name).sort());
    all.slice(1).forEach(({ score }, i) => expect(score).toBeLessThan(all[i]!.score));
    const f = (word: number[]): number => word[0]!;
    const exact = leaves.reduce((s, { name, p }) => s + p * Number(name[0]), 0);
    const last = { word: [], logP: -Infinity, score: -800 };
    expect(estimate([...all, last], f)).toBeCloseTo(exact, 12);
  });

  test('estimates from five are right in the mean', () => {
    const exact = leaves.reduce((s, { name, p }) => s + p * Number(name[0]), 0);
    const values = Array.from({ length: 4000 }, () =>
      estimate(search(rng, model, 5, length), (word: number[]) => word[0]!),
    );
    const mean = values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length);
    // divided by its own sum: a bias of less than a tenth of the deviation of one estimate
    expect(Math.abs(mean - exact)).toBeLessThan(0.1 * deviation + (5 * deviation) / Math.sqrt(values.length));
  });
});
