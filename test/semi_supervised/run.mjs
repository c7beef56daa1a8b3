// npm run test:semi_supervised: examples/semi_supervised learns for some seconds, resumes with the same bits, leaves no tensor
// behind, and refuses what is wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { key, random } from 'anymax';
import { installLocked, root, runChecks } from '../support/packed.mjs';

const example = join(root, 'examples/semi_supervised');
installLocked(example);
const { tf } = await import('../../examples/semi_supervised/tfjs.mjs');
const { readCheckpoint, resume, saveCheckpoint } = await import('../../examples/semi_supervised/checkpoint.mjs');
const { moved, pick, readData } = await import('../../examples/semi_supervised/data.mjs');
const { Parameters } = await import('../../examples/semi_supervised/layers.mjs');
const { Model, MODELS } = await import('../../examples/semi_supervised/model.mjs');
const { learn, UNKNOWN } = await import('../../examples/semi_supervised/objective.mjs');
const { readOptions } = await import('../../examples/semi_supervised/options.mjs');
const { DEFAULTS, Session } = await import('../../examples/semi_supervised/session.mjs');
const { gaussianKl, standardKl } = await import('../../examples/semi_supervised/terms.mjs');
const { evaluate, train } = await import('../../examples/digits/regression.mjs');
const { Adam } = await import('../../examples/vae/adam.mjs');

const folder = mkdtempSync(join(tmpdir(), 'anymax-semi-supervised-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'checkpoint');

const all = readData({ mnist: undefined, ...DEFAULTS });
const few = (digits, count) =>
  pick(
    digits,
    Int32Array.from({ length: count }, (_, i) => i),
  );
const data = { ...all, unlabelled: few(all.unlabelled, 200), validation: few(all.validation, 100) };
const small = { ...DEFAULTS, hidden: 16, latents: 4, batch: 50, labelled: 20 };
const ways = MODELS.flatMap((model) => UNKNOWN.map((unknown) => ({ model, unknown })));

/** The program: its exit code, and what it prints. */
function program(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(example, 'main.mjs'), ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr: stderr.trim() };
}

/** Four epochs, some 15 seconds of CPU, beside a softmax regression on the same labels. */
function learns() {
  const { status, stdout, stderr } = program('--epochs', '4', '--out', join(folder, 'drawn'));
  assert.equal(status, 0, stderr);
  const { test } = JSON.parse(readFileSync(join(folder, 'drawn/progress.json'), 'utf8'));
  const weights = train(all.labelled, all.validation, { epochs: 50, seed: 1 });
  const regression = 100 * evaluate(weights, all.test).accuracy;
  // a standard error of the difference is below 1.5
  assert.ok(test > regression + 5, `${test} %, the regression ${regression} %\n${stdout}`);
  return `${test.toFixed(1)} %, the regression ${regression.toFixed(1)} %`;
}

const arrays = ({ parameters }) => parameters.adam.tensors.map(({ value, mean, square }) => [value, mean, square]);

function epochs(session, progress) {
  for (const p of progress) {
    const loss = session.train(p);
    session.history.push({ seconds: 1, loss, accuracy: session.accuracy(data.validation) });
  }
  return session;
}

function resumes() {
  for (const way of ways) {
    const whole = epochs(new Session({ ...small, ...way }, data), [0]);
    saveCheckpoint(path, whole);
    epochs(whole, [0.5]);
    const resumed = epochs(resume(readCheckpoint(path), data), [0.5]);
    assert.deepEqual(arrays(resumed), arrays(whole));
    assert.deepEqual(resumed.history, whole.history);
    assert.notDeepEqual(
      epochs(new Session({ ...small, ...way, seed: 2 }, data), [0]).history,
      whole.history.slice(0, 1),
    );
  }
  return `${ways.length} ways, the same bits`;
}

function flat() {
  const session = new Session(small, data);
  epochs(session, [0]);
  const before = tf.memory();
  epochs(session, [0, 0, 0]);
  const { numTensors, numBytes } = tf.memory();
  assert.deepEqual([numTensors, numBytes], [before.numTensors, before.numBytes]);
  return `${numTensors} tensors`;
}

/** The slope along the gradient is the square of its norm; by central differences, in float32. */
function differentiates() {
  for (const { model: kind, unknown } of ways.filter((way) => way.unknown !== 'straight-through')) {
    const parameters = new Parameters(new Adam());
    const shape = { ...small, pixels: 30, classes: 3 };
    const model = new Model(kind, shape, parameters, key(5));
    const x = random.uniform(key(6), 9 * shape.pixels).map((u) => (u < 0.3 ? 1 : 0));
    const batch = { x, free: 6, labels: Int32Array.of(0, 2, 1) };
    const how = { ...small, unknown, temperature: 1, source: key(7) };
    learn(model, parameters, batch, how);
    const { tensors } = parameters.adam;
    const gradient = tensors.map((tensor) => tensor.gradient.slice());
    const values = tensors.map((tensor) => tensor.value.slice());
    const norm = Math.sqrt(gradient.flatMap((g) => [...g]).reduce((sum, v) => sum + v * v, 0));
    const at = (step) => {
      tensors.forEach((tensor, i) => tensor.value.set(values[i].map((v, j) => v + (step * gradient[i][j]) / norm)));
      return learn(model, parameters, batch, how);
    };
    const slope = (at(1e-3) - at(-1e-3)) / 2e-3;
    assert.ok(Math.abs(slope / norm - 1) < 0.02, `${kind}, ${unknown}: slope ${slope}, norm ${norm}`);
  }
  return 'slopes along the gradient';
}

function divergences() {
  const of = (mean, variance) => ({ mean: tf.tensor([[mean]]), logVariance: tf.tensor([[Math.log(variance)]]) });
  const number = (make) => tf.tidy(() => make().dataSync()[0]);
  const expected = (m, v, k, w) => (Math.log(w / v) + (v + (m - k) ** 2) / w - 1) / 2;
  assert.ok(Math.abs(number(() => standardKl(of(0.5, 2))) - expected(0.5, 2, 0, 1)) < 1e-6);
  assert.ok(Math.abs(number(() => gaussianKl(of(0.5, 2), of(-1, 0.7))) - expected(0.5, 2, -1, 0.7)) < 1e-5);
  assert.equal(
    number(() => gaussianKl(of(0.5, 2), of(0.5, 2))),
    0,
  );
  return 'by their formula';
}

function refuses() {
  const wrong = {
    '--sed 3': /^Unknown option '--sed'/,
    '--model m3': /^--model: expected m2 or adgm or sdgm, got 'm3'$/,
    '--class known': /^--class: expected sampled or/,
    '--seconds 0': /^--seconds: expected a number > 0, got '0'$/,
    '--labels 15': /^--labels: expected a multiple of 10/,
    '--labelled 200': /^--labelled: expected at most 100/,
    '--seconds 3 --epochs 3': /^--seconds: does not go with --epochs$/,
    '--resume --seed 3': /^--seed: does not go with --resume/,
  };
  for (const [args, message] of Object.entries(wrong)) assert.throws(() => readOptions(args.split(' ')), { message });
  assert.throws(() => readData({ mnist: undefined, ...DEFAULTS, labels: 9000 }), /^Error: --labels: there are fewer/);
  assert.throws(
    () => readData({ mnist: undefined, ...DEFAULTS, validation: 8900 }),
    /^Error: --validation: expected less/,
  );

  const mnist = join(folder, 'mnist');
  mkdirSync(mnist);
  writeFileSync(
    join(mnist, 't10k-images-idx3-ubyte'),
    Buffer.of(0, 0, 8, 3, 0, 0, 39, 16, 0, 0, 0, 28, 0, 0, 0, 28, 7),
  );
  writeFileSync(join(mnist, 't10k-labels-idx1-ubyte'), Buffer.of(0, 0, 8, 1, 0, 0, 0, 0));
  const programs = [
    [['--mnist', join(folder, 'nowhere')], /nowhere: no such folder$/],
    [['--mnist', mnist], /t10k-images-idx3-ubyte: truncated/],
    [['--resume', '--out', join(folder, 'nowhere')], /checkpoint: no such file$/],
  ];
  for (const [args, message] of programs) {
    const { status, stderr } = program(...args);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.ok(!stderr.includes('\n'), stderr);
  }

  saveCheckpoint(path, epochs(new Session(small, data), [0]));
  const bytes = readFileSync(path);
  const others = { ...data, unlabelled: few(all.validation, 200) };
  assert.throws(() => resume(readCheckpoint(path), others), /: it has learnt from other images$/);
  writeFileSync(path, bytes.subarray(0, -1));
  assert.throws(() => resume(readCheckpoint(path), data), /: expected \d+ bytes of state, got \d+$/);
  writeFileSync(path, 'something else');
  assert.throws(() => readCheckpoint(path), /checkpoint: not a checkpoint$/);
  return 'by name';
}

/** Every image of a batch is the one before at some place, by a loop over the coordinates. */
function moves() {
  const digits = few(all.labelled, 60);
  const most = 2;
  const { images, labels } = moved(digits, most, key(1));
  const steps = Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
  const pixel = (i, x, y) => (x >= 0 && x < 28 && y >= 0 && y < 28 ? digits.images[784 * i + 28 * y + x] : 0);
  const isAt = (i, right, down) =>
    images
      .subarray(784 * i, 784 * (i + 1))
      .every((value, p) => value === pixel(i, (p % 28) - right, Math.floor(p / 28) - down));
  const places = new Set();
  for (let i = 0; i < digits.count; i++) {
    const place = steps.flatMap((x) => steps.map((y) => [x, y])).find(([x, y]) => isAt(i, x, y));
    assert.ok(place, `image ${i}`);
    places.add(String(place));
  }
  assert.deepEqual(labels, digits.labels);
  assert.deepEqual(moved(digits, 0, key(1)).images, digits.images);
  return `${digits.count} images at ${places.size} of ${steps.length ** 2} places`;
}

function stops() {
  const session = new Session({ ...small, rate: 1e30 }, data);
  const first = session.parameters.adam.tensors[0].value;
  assert.throws(() => session.train(0), /^Error: epoch 1, step 2 of 4: the loss is (NaN|Infinity); stopped$/);
  assert.equal(session.epoch, 0);
  assert.ok(first.some((v) => Math.abs(v) > 1e20)); // those after the first step, none later
  return 'where it is not finite';
}

await runChecks([
  ['terms', divergences],
  ['gradients', differentiates],
  ['tensors', flat],
  ['a checkpoint', resumes],
  ['moved images', moves],
  ['wrong input', refuses],
  ['a loss', stops],
  ['accuracy', learns],
]);
