// What examples/edge has to answer, by a plain loop over the package's Gumbel noise.
import { key, random } from 'anymax';

/** Shapes where vectors and chunks end, both kinds of seed, the limit of the temperature, and the most work there may be. */
export const REQUESTS = [
  { logits: [2, 1, 0], seed: 42, temperature: 1 },
  { logits: [1e300, -1e300, 5e-324, 0], n: 2, seed: 0, temperature: 1e-3, draws: 100 },
  { logits: wave(7 * 37), n: 37, seed: 'a seed with \u00fc and \u{1f600}', temperature: 0.7, draws: 11 },
  { logits: wave(10_000), seed: -1, temperature: 2, draws: 104 },
  { logits: wave(30), n: 1, seed: 2 ** 53 - 1, temperature: 0 },
  { logits: wave(30), n: 5, seed: 7, temperature: 0, draws: 2 },
];

/** Scores from -4 to 4: integers over 16, which JSON has exactly. */
export function wave(length) {
  return Array.from({ length }, (_, i) => (((i * 7919) % 129) - 64) / 16);
}

/** For each row and draw the first of the greatest (l - max l) / T + g, the noise laid out by row, draw and class. */
export function indicesOf({ logits, n = logits.length, seed, temperature, draws = 1 }) {
  const noise = random.gumbel(key(seed), logits.length * draws, { dtype: 'float64' });
  return Array.from({ length: (logits.length / n) * draws }, (_, at) => {
    const row = logits.slice(Math.floor(at / draws) * n, (Math.floor(at / draws) + 1) * n);
    const greatest = Math.max(...row);
    const scores = row.map((l, k) => (temperature === 0 ? l : (l - greatest) / temperature + noise[at * n + k]));
    return scores.indexOf(Math.max(...scores));
  });
}
