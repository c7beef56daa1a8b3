/** d3-random: a function that gives one number a call, in a loop. */
import { randomExponential, randomLogistic, randomNormal, randomUniform } from 'd3-random';
import { serve } from '../child.mjs';

const noise =
  (one) =>
  ({ logits }) => {
    const out = new Float32Array(logits.length);
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = one();
      return out;
    };
  };

await serve({
  'random.uniform': noise(randomUniform()),
  'random.exponential': noise(randomExponential(1)),
  'random.logistic': noise(randomLogistic()),
  'random.normal': noise(randomNormal()),
});
