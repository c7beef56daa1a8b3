/** @typedef {import('./product.mjs').Floats} Floats */
/** @typedef {{ value: Floats, gradient: Floats, mean: Floats, square: Floats }} Tensor */

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam, with the parameters that it moves. Source: Kingma and Ba 2015, algorithm 1 in the order of its section 2; decay of the
 * weights beside it: Loshchilov and Hutter 2019.
 */
export class Adam {
  /** @type {Tensor[]} */
  tensors = [];
  /** BETA1 and BETA2 to the number of steps. */
  powers = [1, 1];

  /** @param {Float32ArrayConstructor | Float64ArrayConstructor} Floats the dtype of all that it makes */
  constructor(Floats = Float32Array) {
    this.Floats = Floats;
  }

  /** A new parameter of zeros. @param {number} length @returns {Tensor} */
  tensor(length) {
    const zeros = () => new this.Floats(length);
    const tensor = { value: zeros(), gradient: zeros(), mean: zeros(), square: zeros() };
    this.tensors.push(tensor);
    return tensor;
  }

  /** Moves every parameter against its gradient, which becomes 0. @param {number} rate @param {number} [decay] of the parameters, in parts of the rate */
  step(rate, decay = 0) {
    this.powers = [this.powers[0] * BETA1, this.powers[1] * BETA2];
    const root = Math.sqrt(1 - this.powers[1]);
    for (const tensor of this.tensors)
      move(tensor, (rate * root) / (1 - this.powers[0]), EPSILON * root, 1 - rate * decay);
  }
}

/** @param {Tensor} tensor @param {number} rate @param {number} epsilon @param {number} keep */
function move({ value, gradient, mean, square }, rate, epsilon, keep) {
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i];
    const m = BETA1 * mean[i] + (1 - BETA1) * g;
    const v = BETA2 * square[i] + (1 - BETA2) * (g * g);
    mean[i] = m;
    square[i] = v;
    value[i] = keep * value[i] - (rate * m) / (Math.sqrt(v) + epsilon);
    gradient[i] = 0;
  }
}
