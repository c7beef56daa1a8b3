/** The epidemic of examples/epidemic against the exact distribution of its size where everybody meets everybody. */
import { init, Rng } from 'anymax';
import { beforeAll, expect, test } from 'vitest';
import { epidemic, network } from '../../examples/epidemic/epidemic.mjs';
import { chiSquare } from '../support/statistics.ts';

beforeAll(() => init({ backend: 'wasm' }));

/** A right simulation fails with probability 3e-7 under a fresh seed; a probability of 0.1 that is off by a tenth is seen. */
test('how many are infected in all', () => {
  const [people, beta, gamma] = [5, 0.3, 1],
    runs = 20_000;
  const rng = new Rng('epidemic'),
    neighbours = Array.from({ length: people }, (_, i) => [0, 1, 2, 3, 4].filter((j) => j !== i));
  const counts = Array<number>(people).fill(0);
  for (let run = 0; run < runs; run++) {
    const { total, events, time } = epidemic(rng, neighbours, [2], { beta, gamma });
    counts[total - 1]!++;
    expect(events).toBe(2 * total - 1);
    expect(time).toBeGreaterThan(0);
  }
  // from (healthy, infected): an infection at rate beta h i, a recovery at rate gamma i
  const sizes = Array<number>(people).fill(0);
  const visit = (healthy: number, infected: number, p: number): void => {
    if (infected === 0) {
      sizes[people - healthy - 1]! += p;
      return;
    }
    const up = (beta * healthy) / (beta * healthy + gamma);
    if (healthy > 0) visit(healthy - 1, infected + 1, p * up);
    visit(healthy, infected - 1, p * (1 - up));
  };
  visit(people - 1, 1, 1);
  expect(chiSquare(counts, sizes)).toBeLessThan(5);
});

test('a network has its contacts both ways, and the same seed gives the same course', () => {
  const course = (): number[] => {
    const rng = new Rng(7),
      neighbours = network(rng, 2000, 5);
    neighbours.forEach((list, i) => list.forEach((j) => expect(neighbours[j]).toContain(i)));
    const { time, events, total } = epidemic(rng, neighbours, [0, 1, 2], { beta: 0.5, gamma: 1 });
    return [time, events, total];
  };
  expect(course()).toEqual(course());
});
