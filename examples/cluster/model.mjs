/**
 * Mixed logit (McFadden and Train 2000) of who buys which car. Person i has tastes b_i ~ Normal(MEAN, L L^T) for all of their
 * choices; of the alternatives j in situation s they choose the greatest x_sj . b_i + g_ij, with g_ij from Gumbel(0, 1).
 *
 * A choice has a number, its id. What is chosen depends on the seed and the id alone: tastes come from the key of the person,
 * g from the key of the id. So ids may be cut anywhere, on any number of machines, and drawn again.
 */
import { foldIn, gumbelMax, key, perRow, random } from '../../dist/index.js';

export const ALTERNATIVES = 50;
/** Choices of one person: those of person i have the ids from i SITUATIONS on. */
export const SITUATIONS = 10;
/** Price, running costs, range, power, space: each with mean 0 and variance 1 over all cars. */
const ATTRIBUTES = 5;
/** Different situations: id modulo DESIGN. In each of them the cars have other attributes around their own. */
const DESIGN = 1000;

export const MEAN = [-1, -0.5, 0.6, 0.3, 0.4];
/** L, the Cholesky factor of the covariance: who minds the price minds the running costs. */
export const FACTOR = [[0.5], [0.3, 0.3], [0, 0.1, 0.4], [-0.2, 0, 0.2, 0.4], [0, 0, 0.1, 0, 0.3]];
/** Standard deviations of a car's own attributes, and of those of a situation around them: squares that sum to 1. */
const [OWN, AROUND] = [0.8, 0.6];
/** Rows whose utilities stay in the cache. */
const BATCH = 500;

export class Market {
  #tastes;
  #noise;

  /** @param {number} seed */
  constructor(seed) {
    const root = key(seed);
    this.#tastes = foldIn(root, 'tastes');
    this.#noise = foldIn(root, 'noise');
    const size = ATTRIBUTES * ALTERNATIVES;
    const own = random.normal(foldIn(root, 'cars'), size);
    const around = random.normal(foldIn(root, 'situations'), DESIGN * size);
    /** x: of each situation, of each alternative. */
    this.attributes = around.map((x, i) => OWN * own[i % size] + AROUND * x);
  }

  /**
   * The choices of the ids from `begin` to before `end`, a byte each: the alternative, counted from 1, so that 0 is free for
   * what is not drawn.
   * @param {number} begin @param {number} end
   */
  choose(begin, end) {
    const choices = new Uint8Array(end - begin);
    const utilities = new Float32Array(Math.min(BATCH, end - begin) * ALTERNATIVES);
    for (let first = begin; first < end; first += BATCH) {
      const ids = Int32Array.from({ length: Math.min(BATCH, end - first) }, (_, r) => first + r);
      const rows = utilities.subarray(0, ids.length * ALTERNATIVES);
      this.utilities(ids, rows);
      const chosen = gumbelMax(perRow(this.#noise, ids), rows, ALTERNATIVES);
      chosen.forEach((alternative, r) => (choices[first - begin + r] = alternative + 1));
    }
    return choices;
  }

  /** Writes x_sj . b_i, a row per id. @param {Int32Array} ids ascending @param {Float32Array} out */
  utilities(ids, out) {
    let person = -1;
    let tastes = MEAN;
    ids.forEach((id, r) => {
      if (Math.floor(id / SITUATIONS) !== person) {
        person = Math.floor(id / SITUATIONS);
        tastes = this.tastes(person);
      }
      const [b0, b1, b2, b3, b4] = tastes;
      const x = this.attributes;
      let i = (id % DESIGN) * ATTRIBUTES * ALTERNATIVES;
      for (let j = r * ALTERNATIVES; j < (r + 1) * ALTERNATIVES; j++, i += ATTRIBUTES) {
        out[j] = b0 * x[i] + b1 * x[i + 1] + b2 * x[i + 2] + b3 * x[i + 3] + b4 * x[i + 4];
      }
    });
  }

  /** @param {number} person */
  tastes(person) {
    const z = random.normal(foldIn(this.#tastes, person), ATTRIBUTES);
    return MEAN.map((mean, k) => FACTOR[k].reduce((sum, factor, l) => sum + factor * z[l], mean));
  }
}
