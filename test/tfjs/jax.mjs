// The recipe of docs/guide/autodiff.md for jax-js, which has no way to give a function a gradient of one's own: its vjp up
// to the op, the op's vjp, and its vjp from the op on.
import assert from 'node:assert/strict';
import { gumbelSoftmax, key, random, softmax } from 'anymax';

/** Gradients of a loss through a relaxed sample, against jax-js through its own softmax on the same noise. */
export async function checkJax({ init, defaultDevice, grad, nn, numpy: np, vjp }) {
  await init('wasm');
  defaultDevice('wasm');
  const [rows, n] = [4, 5];
  const x = random.normal(key(1), rows * n);
  const w = random.normal(key(2), n * n);
  const cost = random.normal(key(3), rows * n);
  const options = { temperature: 0.5 };
  const source = key(4);
  const array = (data) => np.array(data).reshape([data.length / n, n]);

  const before = (weights) => np.matmul(array(x), weights);
  const after = (y) => np.sum(np.multiply(np.square(y), array(cost)));
  const [logits, backToWeights] = vjp(before, [array(w)]);
  const y = gumbelSoftmax(source, await logits.data(), n, options);
  const dy = await grad(after)(array(y)).data();
  const dLogits = gumbelSoftmax.vjp(y, dy, n, options);
  const [dWeights] = backToWeights(array(dLogits));
  const ours = await dWeights.data();

  const noise = random.gumbel(source, rows * n);
  const relaxed = (weights) =>
    after(nn.softmax(np.divide(np.add(before(weights), array(noise)), options.temperature), -1));
  const theirs = await grad(relaxed)(array(w)).data();
  ours.forEach((v, i) => assert.ok(Math.abs(v - theirs[i]) < 1e-5, `gradient[${i}]: ${v}, expected ${theirs[i]}`));
  assert.ok(ours.some((v) => Math.abs(v) > 0.01));
  assert.equal(softmax(y, n).length, rows * n);
  return 'gradients of jax-js itself';
}
