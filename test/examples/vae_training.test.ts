/** examples/vae as a program: training, its bits, checkpoints, what stops it, pictures, the command line. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { init, key } from 'anymax';
import { afterAll, describe, expect, test } from 'vitest';
import { readCheckpoint, resume, saveCheckpoint } from '../../examples/vae/checkpoint.mjs';
import { readImages } from '../../examples/vae/data.mjs';
import { readOptions } from '../../examples/vae/options.mjs';
import { writePicture } from '../../examples/vae/picture.mjs';
import { DEFAULTS, Session, type Settings } from '../../examples/vae/session.mjs';
import { temperatureAt, trainEpoch } from '../../examples/vae/train.mjs';

const data = readImages({ mnist: undefined, seed: 3, count: 200 });
const small: Settings = { ...DEFAULTS, hidden: 16, batch: 30, rate: 0.01 };
const folder = mkdtempSync(join(tmpdir(), 'anymax-vae-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'checkpoint');

/** The parameters after `epochs`, and the loss of each. */
function run(session: Session, epochs: number) {
  const losses: number[] = [];
  while (session.epoch < epochs) losses.push(Object.values(session.train()).reduce((a, b) => a + b));
  return { losses, parameters: session.adam.tensors.map(({ value }) => value.slice()) };
}

describe('training', () => {
  afterAll(() => init());
  const ways: Partial<Settings>[] = [
    {},
    { relaxation: 'weighted', straightThrough: true },
    { latents: 'binary', relaxation: 'density' },
    { shift: 2, decay: 0.1, slowing: 0.9 },
  ];

  test.each(ways)('%j: the loss falls, the same seed gives the same bits on both backends', (way) => {
    const runs = (['wasm', 'js'] as const).map((backend) => {
      init({ backend });
      return run(new Session({ ...small, ...way }, data), 3);
    });
    expect(runs[1]).toEqual(runs[0]);
    const { losses } = runs[0]!;
    expect(losses[1]).toBeLessThan(losses[0]!);
    expect(losses[2]).toBeLessThan(losses[1]!);
    expect(run(new Session({ ...small, ...way, seed: 2 }, data), 1).losses[0]).not.toBe(losses[0]);
  });

  test.each(ways)('%j: resumed, it goes on with the same bits', (way) => {
    const whole = new Session({ ...small, ...way }, data);
    run(whole, 1);
    saveCheckpoint(path, whole);
    const rest = run(whole, 3);
    const resumed = resume(readCheckpoint(path), data);
    expect(resumed.epoch).toBe(1);
    expect(run(resumed, 3)).toEqual(rest);
    expect(resumed.evaluate(2)).toEqual(whole.evaluate(2));
  });

  test('calls nothing of Math whose last bit an engine may choose', () => {
    const code = [...readdirSync('examples/vae'), '../digits/glyphs.mjs', '../digits/regression.mjs']
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => readFileSync(join('examples/vae', name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
      .join('');
    const exact = ['LN2', 'ceil', 'floor', 'max', 'min', 'round', 'sqrt'];
    const used = [...code.matchAll(/\bMath\.(\w+)/g)].map(([, name]) => name!);
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((name) => !exact.includes(name))).toEqual([]);
    expect(code.match(/\S+ \*\* /g)?.filter((power) => power !== '2 ** ') ?? []).toEqual([]);
  });

  test('the temperature falls by its factor from epoch to epoch, down to the coldest', () => {
    const plan = { ...small, temperature: 2, cooling: 0.5, coldest: 0.3 };
    expect([1, 2, 3, 4, 9].map((epoch) => temperatureAt(plan, epoch))).toEqual([2, 1, 0.5, 0.3, 0.3]);
  });

  test('tests with hard samples, as many as asked for', () => {
    const session = new Session(small, data);
    const drawn: Float32Array[] = [];
    const decode = session.vae.decode.bind(session.vae);
    session.vae.decode = (z: Float32Array, rows: number) => {
      drawn.push(z);
      return decode(z, rows);
    };
    const { 'test -ELBO': bound, reconstruction, KL } = session.evaluate(4);
    expect(bound).toBe(reconstruction! + KL!);
    expect(drawn.map(({ length }) => length)).toEqual([4000, 4000, 4000, 4000]); // 20 images of 20 x 10
    expect(new Set(drawn.map(String)).size).toBe(4);
    for (const z of drawn) {
      expect(new Set(z)).toEqual(new Set([0, 1]));
      for (let i = 0; i < z.length; i += 10) expect(z.subarray(i, i + 10).reduce((a, b) => a + b)).toBe(1);
    }
  });
});

describe('a loss that is not finite', () => {
  test('stops training before the parameters change, and says where', () => {
    const session = new Session(small, data);
    const before = session.adam.tensors.map(({ value }) => value.slice());
    const objective = { step: () => ({ reconstruction: 1, KL: NaN }) };
    const where = { epoch: 7, source: key(1) };
    expect(() => trainEpoch(objective, session.adam, data.training, small, where)).toThrow(
      "epoch 7, step 1 of 6: the term 'KL' of the loss is NaN; stopped",
    );
    expect(session.adam.tensors.map(({ value }) => value)).toEqual(before);
  });

  test.each(['encoder', 'posterior', 'decoder', 'likelihood'] as const)('is seen from a NaN in the %s', (layer) => {
    const session = new Session(small, data);
    session.train();
    session.vae[layer].bias.value[0] = NaN;
    expect(() => session.train()).toThrow(
      "epoch 2, step 1 of 6: the term 'reconstruction' of the loss is NaN; stopped",
    );
    expect(session.epoch).toBe(1);
  });
});

describe('a checkpoint', () => {
  saveCheckpoint(path, new Session(small, data));
  const bytes = readFileSync(path);
  const message = (contents: Uint8Array, images = data) => {
    writeFileSync(path, contents);
    return () => resume(readCheckpoint(path), images);
  };

  test('says what is wrong with it', () => {
    expect(message(bytes)).not.toThrow();
    expect(message(bytes.subarray(0, -1))).toThrow(`${path}: expected `);
    expect(message(bytes, readImages({ mnist: undefined, seed: 4, count: 200 }))).toThrow(
      `${path}: it has learnt from other images`,
    );
    for (const length of [0, 5, 40]) expect(message(bytes.subarray(0, length))).toThrow(`${path}: not a checkpoint`);
    expect(() => readCheckpoint(join(folder, 'absent'))).toThrow(`${join(folder, 'absent')}: no such file`);
  });
});

test('a picture is a PNG of the images side by side, ink dark', () => {
  const images = new Float32Array(3 * 784);
  images[784] = 1; // the top left pixel of the second image
  images[2 * 784 + 783] = 0.5; // the bottom right one of the third
  writePicture(path, images, 2);
  const png = readFileSync(path);
  expect(png.toString('latin1', 0, 16)).toBe('\x89PNG\r\n\x1a\n\0\0\0\rIHDR');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([width, height, png[24], png[25]]).toEqual([2 * 88 + 4, 2 * 88 + 4, 8, 0]);
  const data = png.indexOf('IDAT');
  const lines = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  expect(lines.length).toBe((width + 1) * height);
  const at = (x: number, y: number) => lines[y * (width + 1) + 1 + x];
  expect([at(4, 4), at(92, 4), at(94, 6), at(95, 6), at(87, 175), at(3, 3)]).toEqual([255, 0, 0, 255, 128, 192]);
});

/** The program on the built package. */
function program(...args: string[]) {
  const main = new URL('../../examples/vae/main.mjs', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('node examples/vae/main.mjs', () => {
  const out = join(folder, 'out');
  const quick = ['--images', '100', '--hidden', '8', '--out', out];

  test('trains, resumes and leaves pictures', () => {
    const whole = program(...quick, '--epochs', '2');
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    const files = ['checkpoint', 'reconstructions.png', 'samples.png'];
    const wanted = files.map((name) => readFileSync(join(out, name)));
    expect(program(...quick, '--epochs', '1').status).toBe(0);
    const resumed = program('--resume', '--out', out, '--epochs', '2');
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(files.map((name) => readFileSync(join(out, name)).equals(wanted[files.indexOf(name)]!))).toEqual([
      true,
      true,
      true,
    ]);
    expect(whole.stdout).toContain(resumed.stdout.match(/^ +2 +0\.970.*$/m)![0]);
    expect(whole.stdout).not.toMatch(/NaN|undefined|Infinity/);
    expect(program('--resume', '--out', out, '--epochs', '2').stderr).toBe(
      '--epochs: the checkpoint has 2 already, expected more, got 2\n',
    );
  });

  test('compares', () => {
    const { status, stdout, stderr } = program('--compare', '--images', '100', '--hidden', '8', '--epochs', '1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^ *(analytic|weighted|density) +(relaxed|straight-through)( +\d+\.\d\d){5}$/gm)).toHaveLength(
      4,
    );
  });

  test('explains itself', () => {
    expect(program('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--straight-through') });
  });

  test.each([
    [['--epoch', '3'], "Unknown option '--epoch'"],
    [['--mnist', '/no/such/folder'], '/no/such/folder: no such folder'],
    [['--resume', '--out', '/no/such/folder'], '/no/such/folder/checkpoint: no such file'],
    [[...quick, '--rate', '1e30', '--epochs', '9'], 'of the loss is NaN; stopped'],
  ])('%j: one line and exit code 1', (args, message) => {
    const { status, stderr } = program(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test.each([
  ['digits', "Unexpected argument 'digits'"],
  ['--epochs=0', "--epochs: expected an integer >= 1, got '0'"],
  ['--images=99', "--images: expected an integer >= 100, got '99'"],
  ['--seed=', "--seed: expected an integer, got ''"],
  ['--rate=-1', "--rate: expected a number > 0, got '-1'"],
  ['--temperature=hot', "--temperature: expected a number > 0, got 'hot'"],
  ['--cooling=1.1', "--cooling: expected a number > 0, at most 1, got '1.1'"],
  ['--coldest=2', '--coldest: expected at most the temperature, 1, got 2'],
  ['--kl=exact', "--kl: expected analytic or weighted or density, got 'exact'"],
  ['--latents=normal', "--latents: expected categorical or binary, got 'normal'"],
  ['--decay=-1', "--decay: expected a number >= 0, got '-1'"],
  ['--shift=x', "--shift: expected an integer >= 0, got 'x'"],
  ['--resume --seed=1', '--seed: does not go with --resume, which takes it from the checkpoint'],
  ['--compare --kl=analytic', '--kl: does not go with --compare'],
])('%s: %s', (args, message) => {
  expect(() => readOptions(args.split(' '))).toThrow(message);
});
