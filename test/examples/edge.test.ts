/** The handler of examples/edge by itself; test/edge/run.mjs has it in each runtime. */
import { readFileSync } from 'node:fs';
import { gumbelMax, init, key } from 'anymax';
import { afterEach, describe, expect, test } from 'vitest';
import { handler } from '../../examples/edge/handler.js';

const MIB = 2 ** 20;
const good = { logits: [2, 1, 0], seed: 42, temperature: 1 };

async function send(body: BodyInit | null, init: RequestInit = {}, path = '/draw') {
  const settings = { method: 'POST', body, duplex: 'half', ...init }; // duplex is missing in the types of RequestInit
  const request = new Request(`http://localhost${path}`, settings);
  const response = await handler(request);
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const post = (body: unknown) => send(JSON.stringify(body));

/** A body that comes in chunks and says nothing of its length; `pulled` counts the chunks that were asked for. */
function streamed(chunk: Uint8Array, chunks: number) {
  const counter = { pulled: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (counter.pulled++ < chunks) controller.enqueue(chunk);
      else controller.close();
    },
  });
  return { body, counter };
}

describe('what is drawn', () => {
  afterEach(() => init());

  test('an index for each row and draw, row after row', async () => {
    const { status, headers, body } = await post({
      logits: [90, 0, 0, 0, 0, 90],
      n: 3,
      draws: 2,
      seed: 1,
      temperature: 1,
    });
    expect({ status, body }).toEqual({ status: 200, body: { indices: [0, 0, 2, 2] } });
    expect([headers.get('content-type'), headers.get('x-backend')]).toEqual(['application/json', 'wasm']);
  });

  test('n is the number of logits and draws 1 if not given; a string is a seed', async () => {
    const { body } = await post({ ...good, seed: 'text' });
    expect(body).toEqual({ indices: [...gumbelMax(key('text'), Float64Array.from(good.logits), 3)] });
  });

  test('temperature 0 is the greatest logit', async () => {
    expect((await post({ ...good, temperature: 0, draws: 3 })).body).toEqual({ indices: [0, 0, 0] });
  });

  test('the same seed gives the same indices, on both backends; another seed others', async () => {
    const request = { ...good, draws: 1000 };
    const first = await post(request);
    expect(await post(request)).toMatchObject({ body: first.body });
    expect((await post({ ...request, seed: 43 })).body).not.toEqual(first.body);
    init({ backend: 'js' });
    const { headers, body } = await post(request);
    expect([headers.get('x-backend'), body]).toEqual(['js', first.body]);
  });

  /** |share - p| within 5.5 standard deviations, 6 comparisons: false alarms < 6 * 4e-8; power 0.99 for shifts of 0.008. */
  test('in the proportions of softmax(logits / temperature)', async () => {
    const draws = 300_000;
    for (const temperature of [0.5, 2]) {
      const { body } = await post({ ...good, temperature, draws });
      const weights = good.logits.map((logit) => Math.exp(logit / temperature));
      for (const [k, weight] of weights.entries()) {
        const p = weight / weights.reduce((a, b) => a + b);
        const share = body.indices.filter((index: number) => index === k).length / draws;
        expect(Math.abs(share - p)).toBeLessThan(5.5 * Math.sqrt((p * (1 - p)) / draws));
      }
    }
  });
});

test('the example of its README', async () => {
  const readme = readFileSync(new URL('../../examples/edge/README.md', import.meta.url), 'utf8');
  const [, request, printed] = /curl \S+\/draw -d '(.*)'\n(.*)\n/.exec(readme)!;
  expect((await send(request!)).body).toEqual(JSON.parse(printed!));
});

describe('a 400 that says why', () => {
  test.each<[unknown, string]>([
    [[], 'the body must be an object'],
    [null, 'the body must be an object'],
    [{ ...good, temprature: 1 }, "unknown name 'temprature', expected logits, n, seed, temperature, draws"],
    [{ seed: 1, temperature: 1 }, 'logits must be an array of numbers, and not empty'],
    [{ ...good, logits: [] }, 'logits must be an array of numbers, and not empty'],
    [{ ...good, logits: '123' }, 'logits must be an array of numbers, and not empty'],
    [{ ...good, logits: [1, NaN] }, 'logits[1] must be a finite number'], // null in JSON
    [{ ...good, logits: [1, 2, '3'] }, 'logits[2] must be a finite number'],
    [{ ...good, logits: [[1, 2]] }, 'logits[0] must be a finite number'],
    [{ ...good, logits: [1, 2, 3, 4], n: 3 }, 'logits has length 4, which is not a multiple of n = 3'],
    [{ ...good, n: 0 }, 'n must be a positive integer'],
    [{ ...good, n: 1.5 }, 'n must be a positive integer'],
    [{ ...good, n: '3' }, 'n must be a positive integer'],
    [{ logits: [1], temperature: 1 }, 'seed must be a safe integer or at most 256 characters'],
    [{ ...good, seed: 0.5 }, 'seed must be a safe integer or at most 256 characters'],
    [{ ...good, seed: 2 ** 53 }, 'seed must be a safe integer or at most 256 characters'],
    [{ ...good, seed: 'x'.repeat(257) }, 'seed must be a safe integer or at most 256 characters'],
    [{ logits: [1], seed: 1 }, 'temperature must be a finite number, and not negative'],
    [{ ...good, temperature: -1 }, 'temperature must be a finite number, and not negative'],
    [{ ...good, temperature: '1' }, 'temperature must be a finite number, and not negative'],
    [{ ...good, draws: 0 }, 'draws must be a positive integer'],
    [{ ...good, draws: 1e6 }, `logits times draws must be at most ${MIB}`],
    [{ ...good, draws: 1e300 }, 'draws must be a positive integer'],
  ])('%j', async (body, error) => {
    const { status, body: got } = await post(body);
    expect({ status, got }).toEqual({ status: 400, got: { error } });
  });

  test.each([
    ['nothing', null],
    ['half an object', '{"logits": [1, 2'],
    ['NaN, which JSON has not', '{"logits": [NaN], "seed": 1, "temperature": 1}'],
    ['half a character', Uint8Array.of(0x22, 0xe2, 0x82)],
    ['brackets without end', '['.repeat(MIB)],
  ])('%s', async (_, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { error: 'the body is not JSON' } });
  });

  test('logits beyond the greatest float64', async () => {
    const { status, body } = await send('{"logits": [0, -1e999], "seed": 1, "temperature": 1}');
    expect({ status, body }).toEqual({ status: 400, body: { error: 'logits[1] must be a finite number' } });
  });

  test('__proto__ is a name as any other', async () => {
    expect(await send('{"__proto__": {"seed": 1}}')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining(`'__proto__'`) },
    });
  });
});

describe('the limit on the body', () => {
  const tooLong = { status: 400, body: { error: `the body is longer than ${MIB} bytes` } };
  const padded = (length: number) => JSON.stringify(good).padEnd(length);

  test('is 1 MiB to the byte', async () => {
    expect(await send(padded(MIB))).toMatchObject({ status: 200 });
    expect(await send(padded(MIB + 1))).toMatchObject(tooLong);
  });

  test('holds where Content-Length is absent: what comes after is not read', async () => {
    const { body, counter } = streamed(new Uint8Array(65536), 1000);
    expect(await send(body)).toMatchObject(tooLong);
    expect(counter.pulled).toBeLessThanOrEqual(MIB / 65536 + 2);
  });

  test('holds where Content-Length says less than comes', async () => {
    const { body } = streamed(new Uint8Array(65536), 1000);
    expect(await send(body, { headers: { 'content-length': '10' } })).toMatchObject(tooLong);
  });

  test('is not waited for where Content-Length says more', async () => {
    const { body, counter } = streamed(new Uint8Array(65536), 1000);
    expect(await send(body, { headers: { 'content-length': String(2 * MIB) } })).toMatchObject(tooLong);
    expect(counter.pulled).toBeLessThanOrEqual(1); // the one that a stream asks for by itself
  });

  test('a body in small chunks is read whole, characters between them too', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...good, seed: '\u00fc\u{1f600}' }));
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { body: got } = await send(body);
    expect(got).toEqual({ indices: [...gumbelMax(key('\u00fc\u{1f600}'), Float64Array.from(good.logits), 3)] });
  });
});

test.each([
  ['GET', '/draw', 405],
  ['PUT', '/draw', 405],
  ['POST', '/', 404],
  ['GET', '/draw/', 404],
  ['POST', '/draw/more', 404],
  ['POST', '/draw?x=1', 200],
])('%s %s: %i', async (method, path, status) => {
  const body = method === 'GET' ? null : JSON.stringify(good);
  const { status: got, headers } = await send(body, { method }, path);
  expect([got, headers.get('allow')]).toEqual([status, status === 405 ? 'POST' : null]);
});
