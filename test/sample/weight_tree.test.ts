/** WeightTree: sums that follow every change, draws by law, and the same ones on both backends. */
import { alloc, foldIn, init, key, Rng, WeightTree } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectSame, onBothBackends } from '../support/backends.ts';
import { chiSquare, tally } from '../support/statistics.ts';
import { generator } from '../tables/kernels.ts';

const KEY = key('tree');

describe('sums', () => {
  test.each([0, 1, 2, 15, 16, 17, 255, 256, 257, 5000])('of %i weights follow every change', (n) => {
    const random = generator(n),
      weights = Array.from({ length: n }, () => random() * 10 ** (30 * random() - 15));
    const tree = new WeightTree(weights);
    expect(tree.length).toBe(n);
    const near = (): void => {
      const sum = weights.reduce((a, b) => a + b, 0);
      expect(Math.abs(tree.total - sum)).toBeLessThanOrEqual(1e-13 * sum);
    };
    near();
    for (let step = 0; step < Math.min(2000, 20 * n); step++) {
      const i = Math.floor(random() * n),
        w = random() < 0.2 ? 0 : random() * 10 ** (30 * random() - 15);
      weights[i] = w;
      tree.set(i, w);
      expect(tree.get(i)).toBe(w);
    }
    near();
    for (let i = 0; i < n; i++) tree.set(i, 0);
    expect(tree.total).toBe(0);
  });

  test('nothing is left of a great weight', () => {
    const tree = new WeightTree([1e300, 1e-300, 0]);
    tree.set(0, 0);
    expect(tree.total).toBe(1e-300);
    expect([...tree.draw(KEY, 50)]).toEqual(Array(50).fill(1));
  });

  test('weights are copied, of every kind of array', () => {
    const given = Float64Array.of(1, 2, 3);
    const tree = new WeightTree(given);
    given[0] = 9;
    expect([tree.get(0), tree.total]).toEqual([1, 6]);
    const resident = alloc(Float32Array, 3);
    resident.view.set([1, 2, 3]);
    for (const weights of [[1, 2, 3], Float32Array.of(1, 2, 3), Int32Array.of(1, 2, 3), resident]) {
      expect(new WeightTree(weights).total).toBe(6);
    }
    resident.free();
    expect(Object.is(new WeightTree([-0]).get(0), 0)).toBe(true);
  });
});

/** False alarms 3e-7 each; with 10^6 draws a probability of 0.1 that is off by 2 % is seen. */
describe('draws', () => {
  test.each([2, 7, 16, 40, 300])('are in proportion to %i weights, also after changes', (n) => {
    const tree = new WeightTree(Array(n).fill(5));
    const weights = Array.from({ length: n }, (_, i) => (i % 3 === 2 ? 0 : 1 + (i % 5)));
    weights.forEach((w, i) => tree.set(i, w));
    const p = weights.map((w) => w / weights.reduce((a, b) => a + b));
    expect(chiSquare(tally(tree.draw(foldIn(KEY, n), 1_000_000), n), p)).toBeLessThan(5);
  });

  test('are right among small weights beside a great one', () => {
    // drawn by one uniform number, one in 16 of the small ones alone would be found
    const weights = [1e17, ...Array<number>(399).fill(1)];
    const tree = new WeightTree(weights),
      counts = Array<number>(400).fill(0);
    for (let i = 0; i < 16; i++) tree.set(i, 0);
    tree.set(0, 2 ** -40);
    for (const i of tree.draw(KEY, 400_000)) counts[i]!++;
    expect(chiSquare(counts.slice(16), Array(384).fill(1 / 384))).toBeLessThan(5);
  });

  test('take draws one after the other without replacement', () => {
    const weights = [1, 2, 3, 4];
    const orders = new Map<string, { count: number; p: number }>();
    const rng = new Rng('take'),
      rounds = 40_000;
    const p = (order: number[]): number => {
      let [left, product] = [10, 1];
      for (const i of order) {
        product *= weights[i]! / left;
        left -= weights[i]!;
      }
      return product;
    };
    for (let round = 0; round < rounds; round++) {
      const tree = new WeightTree(weights);
      const order = [0, 0, 0, 0].map(() => tree.take(rng));
      if (round === 0) {
        expect([tree.total, tree.take(rng), tree.draw(rng, 1)[0]]).toEqual([0, -1, -1]);
        expect(order.map((i) => tree.get(i))).toEqual([0, 0, 0, 0]);
      }
      const entry = orders.get(order.join()) ?? { count: 0, p: p(order) };
      entry.count++;
      orders.set(order.join(), entry);
    }
    expect(orders.size).toBe(24);
    expect(chiSquare([...orders.values()].map(({ count }) => count), [...orders.values()].map((v) => v.p))).toBeLessThan(5); // prettier-ignore
  });

  test('special weights: the first +Infinity; sums beyond the range; none', () => {
    expect([...new WeightTree([1, Infinity, 3, Infinity]).draw(KEY, 20)]).toEqual(Array(20).fill(1));
    const huge = tally(new WeightTree([1.5e308, 1.5e308, 0.75e308]).draw(KEY, 100_000), 3);
    expect(chiSquare(huge, [0.4, 0.4, 0.2])).toBeLessThan(5);
    for (const none of [[], [0], [0, 0, 0]]) {
      const tree = new WeightTree(none);
      expect([...tree.draw(KEY, 3), tree.take(KEY), tree.total]).toEqual([-1, -1, -1, -1, 0]);
    }
    expect([...new WeightTree([7]).draw(KEY, 3)]).toEqual([0, 0, 0]);
  });

  test('a call takes one key of an Rng, and none when it throws', () => {
    const tree = new WeightTree([1, 2, 3]),
      rng = new Rng(1);
    const drawn = tree.draw(rng, 100);
    expect(rng.state.count).toBe(1);
    expectSame(tree.draw(new Rng(1), 100), drawn);
    expectSame(tree.draw(new Rng(1).next(), 100), drawn);
    expect(() => tree.draw(rng, 3, { out: new Int32Array(2) })).toThrow(/^out has length 2, expected 3/);
    expect(() => tree.draw(rng, -1)).toThrow(/^count must be a non-negative integer/);
    expect(rng.state.count).toBe(1);
    tree.draw(rng, 0);
    expect(rng.state.count).toBe(2);
    const resident = alloc(Int32Array, 100);
    tree.draw(new Rng(1), 100, { out: resident });
    expectSame(resident.view.slice(), drawn);
    resident.free();
    const out = new Int32Array(100);
    expect(tree.draw(new Rng(1), 100, { out })).toBe(out);
    expectSame(out, drawn);
    tree.take(rng);
    expect(rng.state.count).toBe(3);
  });

  onBothBackends((backend) => {
    test('are the same ones', () => {
      const tree = new WeightTree(Array.from({ length: 1000 }, (_, i) => i));
      const drawn = tree.draw(KEY, 1000);
      init({ backend: backend === 'js' ? 'wasm' : 'js' });
      expectSame(tree.draw(KEY, 1000), drawn);
    });
  });
});

describe('wrong arguments', () => {
  const tree = new WeightTree([1, 2, 3]);
  test.each([
    [() => new WeightTree([1, -1]), RangeError, /^weights must not be negative or NaN, got -1 at 1/],
    [() => new WeightTree([NaN]), RangeError, /^weights/],
    [() => new WeightTree(['1'] as never), TypeError, /^weights/],
    [() => new WeightTree(3 as never), TypeError, /^weights/],
    [() => new WeightTree('123' as never), TypeError, /^weights/],
    [() => new WeightTree(undefined as never), TypeError, /^weights/],
    [() => tree.get(3), RangeError, /^i must be an integer from 0 to 2, got 3/],
    [() => tree.get(-1), RangeError, /^i /],
    [() => tree.get(0.5), RangeError, /^i /],
    [() => tree.get('0' as never), TypeError, /^i /],
    [() => tree.set(3, 1), RangeError, /^i /],
    [() => tree.set(0, -1), RangeError, /^w must not be negative or NaN/],
    [() => tree.set(0, NaN), RangeError, /^w /],
    [() => tree.set(0, '1' as never), TypeError, /^w /],
    [() => tree.draw(3 as never, 1), TypeError, /^source/],
    [() => tree.draw(KEY, 1.5), RangeError, /^count/],
    [() => tree.draw(KEY, '1' as never), TypeError, /^count/],
    [() => tree.draw(KEY, 1, { out: new Float32Array(1) as never }), TypeError, /^out must be an Int32Array/],
    [() => tree.draw(KEY, 1, { temperature: 1 } as never), TypeError, /^options: unknown name 'temperature'/],
    [() => tree.take(undefined as never), TypeError, /^source/],
  ] as const)('%s', (run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
    expect([tree.get(0), tree.get(1), tree.get(2), tree.total]).toEqual([1, 2, 3, 6]);
  });
});
