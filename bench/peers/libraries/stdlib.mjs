/** stdlib: arrays of noise, filled in place by its `factory(...).assign`. */
import exponential from '@stdlib/random-array-exponential';
import gumbel from '@stdlib/random-array-gumbel';
import { serve } from '../child.mjs';

const noise =
  (fill) =>
  ({ logits }) => {
    const out = new Float32Array(logits.length);
    return () => fill(out);
  };

await serve({
  'random.exponential': noise((out) => exponential.assign(1, out)),
  'random.gumbel': noise((out) => gumbel.assign(0, 1, out)),
});
