/** Layers y = x W + b, W inputs x outputs, row-major, so that an input that is 0 leaves out a whole row of W. */
import { random } from 'anymax';
import { addProduct } from './product.mjs';

/** @typedef {import('./product.mjs').Floats} Floats */
/** @typedef {import('./adam.mjs').Adam} Adam */
/** @typedef {import('./data.mjs').Images} Images */

class Layer {
  /** @param {Adam} adam @param {number} inputs @param {number} outputs @param {import('anymax').Key} source */
  constructor(adam, inputs, outputs, source) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = adam.tensor(inputs * outputs);
    this.bias = adam.tensor(outputs);
    // Glorot and Bengio 2010: uniform within +-sqrt(6 / (inputs + outputs)).
    const bound = Math.sqrt(6 / (inputs + outputs));
    const { value } = this.weights;
    random.uniform(source, value);
    for (let i = 0; i < value.length; i++) value[i] = (2 * value[i] - 1) * bound;
  }

  /** @param {number} rows @param {Floats} y */
  setBias(rows, y) {
    for (let r = 0; r < rows; r++) y.set(this.bias.value, r * this.outputs);
  }

  /** @param {number} rows @param {Floats} dy */
  addBiasGradient(rows, dy) {
    const { gradient } = this.bias;
    for (let r = 0, i = 0; r < rows; r++) for (let o = 0; o < gradient.length; o++, i++) gradient[o] += dy[i];
  }
}

/** A layer on any input. */
export class Dense extends Layer {
  /** y = x W + b. Shapes: x rows x inputs, y rows x outputs. @param {Floats} x @param {number} rows @param {Floats} y */
  forward(x, rows, y) {
    const { inputs, outputs, weights } = this;
    this.setBias(rows, y);
    addProduct(rows, outputs, inputs, rowMajor(x, inputs), rowMajor(weights.value, outputs), y);
  }

  /**
   * Adds the gradients of W and b, and sets dx = dy W^T.
   * @param {Floats} x @param {Floats} dy @param {number} rows @param {Floats} dx
   */
  backward(x, dy, rows, dx) {
    const { inputs, outputs, weights } = this;
    this.addBiasGradient(rows, dy);
    addProduct(inputs, outputs, rows, transposed(x, inputs), rowMajor(dy, outputs), weights.gradient);
    dx.fill(0, 0, rows * inputs);
    addProduct(rows, inputs, outputs, rowMajor(dy, outputs), transposed(weights.value, outputs), dx);
  }
}

/** A layer on binary images: only the rows of W under ink are read forwards and written backwards. */
export class InkLayer extends Layer {
  /** y = x W + b for the images of `chosen`. @param {Images} images @param {Int32Array} chosen @param {Floats} y */
  forward({ starts, ink }, chosen, y) {
    const { outputs } = this;
    const w = this.weights.value;
    this.setBias(chosen.length, y);
    for (let r = 0; r < chosen.length; r++) {
      const at = r * outputs;
      const end = starts[chosen[r] + 1];
      let i = starts[chosen[r]];
      for (; i + 3 < end; i += 4) {
        const w0 = ink[i] * outputs,
          w1 = ink[i + 1] * outputs,
          w2 = ink[i + 2] * outputs,
          w3 = ink[i + 3] * outputs;
        for (let o = 0; o < outputs; o++) y[at + o] += w[w0 + o] + w[w1 + o] + (w[w2 + o] + w[w3 + o]);
      }
      for (; i < end; i++) for (let o = 0, w0 = ink[i] * outputs; o < outputs; o++) y[at + o] += w[w0 + o];
    }
  }

  /** Adds the gradients of W and b. @param {Images} images @param {Int32Array} chosen @param {Floats} dy */
  backward({ starts, ink }, chosen, dy) {
    const { outputs } = this;
    const { gradient } = this.weights;
    this.addBiasGradient(chosen.length, dy);
    for (let r = 0; r < chosen.length; r++) {
      const at = r * outputs;
      const end = starts[chosen[r] + 1];
      let i = starts[chosen[r]];
      for (; i + 3 < end; i += 4) {
        const w0 = ink[i] * outputs,
          w1 = ink[i + 1] * outputs,
          w2 = ink[i + 2] * outputs,
          w3 = ink[i + 3] * outputs;
        for (let o = 0; o < outputs; o++) {
          const d = dy[at + o];
          gradient[w0 + o] += d;
          gradient[w1 + o] += d;
          gradient[w2 + o] += d;
          gradient[w3 + o] += d;
        }
      }
      for (; i < end; i++) for (let o = 0, w0 = ink[i] * outputs; o < outputs; o++) gradient[w0 + o] += dy[at + o];
    }
  }
}

/** max(x, 0) in place; NaN stays. @param {Floats} x */
export function relu(x) {
  for (let i = 0; i < x.length; i++) if (x[i] < 0) x[i] = 0;
}

/** The gradient through relu, in place, by its output y. @param {Floats} y @param {Floats} dy */
export function reluBackward(y, dy) {
  for (let i = 0; i < dy.length; i++) if (y[i] === 0) dy[i] = 0;
}

/** @param {Floats} data @param {number} columns */
const rowMajor = (data, columns) => ({ data, row: columns, column: 1 });

/** @param {Floats} data @param {number} columns */
const transposed = (data, columns) => ({ data, row: 1, column: columns });
