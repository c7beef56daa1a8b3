/** workerd's global scope, where there is neither randomness nor a clock: the package loads there, and works there. */
import * as anymax from 'anymax';
import { conformance } from '../conformance.ts';

const rng = new anymax.Rng();
const early = anymax.softmax(Float32Array.of(0, 0), 2);

export default {
  fetch(): Response {
    if (early[0] !== 0.5) return new Response('softmax in the global scope is wrong');
    if (anymax.random.bits(rng, 1)[0] === anymax.random.bits(rng, 1)[0]) return new Response('Rng does not advance');
    return new Response(JSON.stringify(conformance(anymax)));
  },
};
