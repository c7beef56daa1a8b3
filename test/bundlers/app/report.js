// The application: some bits of each part of the package, and where they were computed.
import { backend, fallbackReason, gumbelMax, gumbelSoftmax, key, random, Rng, softmax } from 'anymax';

export function report() {
  const rng = new Rng('bundlers');
  const logits = random.gumbel(key(7), 1000);
  return JSON.stringify({
    backend: backend(),
    reason: String(fallbackReason()),
    p: [...softmax(logits, 10, { temperature: 0.7 }).subarray(0, 20)],
    drawn: [...gumbelMax(rng, logits, 10)],
    relaxed: [...gumbelSoftmax(rng, Float64Array.from(logits), 10).subarray(0, 20)],
  });
}
