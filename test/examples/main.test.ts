import { spawnSync } from 'node:child_process';
import { init } from 'anymax';
import { afterAll, describe, expect, test } from 'vitest';
import { drawDigits } from '../../examples/digits/glyphs.mjs';
import { evaluate, holdOut, train } from '../../examples/digits/regression.mjs';

/** `npm start -- ...args`, on the built package. */
function start(...args: string[]) {
  const main = new URL('../../examples/digits/main.mjs', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the regression', () => {
  afterAll(() => init());
  const { training, heldOut } = holdOut(drawDigits(2500, 7), 400, 7);

  /** The weights and what happened on the way. */
  function run(backend: 'wasm' | 'js', seed = 7) {
    init({ backend });
    const losses: number[] = [];
    const onEpoch = (progress: { loss: number }) => losses.push(progress.loss);
    return { weights: train(training, heldOut, { epochs: 5, seed, onEpoch }), losses };
  }

  const wasm = run('wasm');

  test('holds out digits that it does not learn from', () => {
    expect([training.count, heldOut.count]).toEqual([2100, 400]);
    expect([training.images.length, heldOut.images.length]).toEqual([2100 * 784, 400 * 784]);
    const images = ({ images, count }: typeof training) =>
      Array.from({ length: count }, (_, row) => images.subarray(row * 784, (row + 1) * 784).join());
    const learnt = new Set(images(training));
    expect(images(heldOut).filter((image) => learnt.has(image))).toEqual([]);
  });

  test('reads more than 9 of 10 held-out digits', () => {
    const { accuracy, loss } = evaluate(wasm.weights, heldOut);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(loss).toBeLessThan(0.4);
    expect(wasm.losses).toHaveLength(5);
    expect(wasm.losses.toSorted((a, b) => b - a)).toEqual(wasm.losses);
  });

  test('gives the same bits on both backends', () => {
    expect(run('js')).toEqual(wasm);
  });

  test('gives other weights from another seed', () => {
    expect(run('wasm', 8).weights).not.toEqual(wasm.weights);
  });
});

describe('npm start', () => {
  test('shows training, draws and speed on 80 columns', () => {
    const { status, stdout, stderr } = start('--seed', '3');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/Held-out digit \d+: a \d, read as a \d/g)).toHaveLength(3);
    expect(stdout).toMatch(/gumbelSoftmax T=0\.5( +\d+\.\d){3}( +\d+\.\dx){2}/);
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('explains itself', () => {
    expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--mnist FOLDER') });
  });

  test.each([
    [['--epochs', '3'], "Unknown option '--epochs'"],
    [['digits'], "Unexpected argument 'digits'"],
    [['--seed'], "Option '--seed"],
    [['--seed', '1.5'], "--seed: expected an integer, got '1.5'"],
    [['--seed', ''], "--seed: expected an integer, got ''"],
    [['--mnist', '/no/such/folder'], '/no/such/folder: no such folder'],
  ])('%j: one line and exit code 1', (args, message) => {
    const { status, stdout, stderr } = start(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
