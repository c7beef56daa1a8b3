/**
 * POST /draw {"logits": [...], "n", "seed", "temperature", "draws"} -> {"indices": [...]}: classes drawn from
 * softmax(logits / temperature). A fetch handler of the web's own types alone, so it is the same in every runtime.
 */
import { backend, gumbelMax, key } from 'anymax';

/** Bytes of a body: room for the logits of a large vocabulary. */
const MAX_BYTES = 2 ** 20;
/** Logits times draws: tens of milliseconds of work. */
const MAX_WORK = 2 ** 20;
/** Characters of a seed: they are hashed eight bytes at a time. */
const MAX_SEED = 256;
const NAMES = ['logits', 'n', 'seed', 'temperature', 'draws'];

/** What is wrong with a request: the reason in the 400. */
class BadRequest extends Error {}

/**
 * @param {Request} request
 * @returns {Promise<Response>}
 */
export async function handler(request) {
  if (new URL(request.url).pathname !== '/draw') return answer(404, { error: 'there is only /draw' });
  if (request.method !== 'POST') return answer(405, { error: '/draw takes POST' }, { allow: 'POST' });
  try {
    const indices = draw(validate(parse(await read(request))));
    return answer(200, { indices: Array.from(indices) }, { 'x-backend': backend() });
  } catch (error) {
    if (error instanceof BadRequest) return answer(400, { error: error.message });
    throw error;
  }
}

/**
 * @param {number} status
 * @param {object} body
 * @param {Record<string, string>} [headers]
 */
function answer(status, body, headers) {
  return Response.json(body, { status, headers });
}

/**
 * The text of the body. Content-Length is believed only where it is too much already: the limit is on the bytes that come.
 *
 * @param {Request} request
 */
async function read(request) {
  const tooLong = new BadRequest(`the body is longer than ${MAX_BYTES} bytes`);
  if (Number(request.headers.get('content-length')) > MAX_BYTES) throw tooLong;
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw tooLong;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest('the body is not JSON');
  }
}

/**
 * Whatever the package would refuse is refused here, so that an error from there on is a fault of ours, and no 400.
 *
 * @param {any} body
 */
function validate(body) {
  check(typeof body === 'object' && body !== null && !Array.isArray(body), 'the body must be an object');
  for (const name in body) check(NAMES.includes(name), `unknown name '${name}', expected ${NAMES.join(', ')}`);
  const { logits, n = logits?.length, seed, temperature, draws = 1 } = body;
  check(Array.isArray(logits) && logits.length > 0, 'logits must be an array of numbers, and not empty');
  const bad = logits.findIndex((/** @type {unknown} */ value) => !Number.isFinite(value));
  check(bad === -1, `logits[${bad}] must be a finite number`);
  check(Number.isSafeInteger(n) && n > 0, 'n must be a positive integer');
  check(logits.length % n === 0, `logits has length ${logits.length}, which is not a multiple of n = ${n}`);
  const shortText = typeof seed === 'string' && seed.length <= MAX_SEED;
  check(shortText || Number.isSafeInteger(seed), `seed must be a safe integer or at most ${MAX_SEED} characters`);
  check(Number.isFinite(temperature) && temperature >= 0, 'temperature must be a finite number, and not negative');
  check(Number.isSafeInteger(draws) && draws > 0, 'draws must be a positive integer');
  check(logits.length * draws <= MAX_WORK, `logits times draws must be at most ${MAX_WORK}`);
  return { logits, n, seed, temperature, draws };
}

/**
 * @param {boolean} condition
 * @param {string} message
 */
function check(condition, message) {
  if (!condition) throw new BadRequest(message);
}

/**
 * `draws` indices for each row, row after row: each row is repeated, so that one call draws them all.
 *
 * @param {ReturnType<typeof validate>} request
 */
function draw({ logits, n, seed, temperature, draws }) {
  const repeated = new Float64Array(logits.length * draws);
  for (let i = 0; i < repeated.length; i += n) {
    const row = Math.floor(i / (n * draws)) * n;
    for (let k = 0; k < n; k++) repeated[i + k] = logits[row + k];
  }
  return gumbelMax(key(seed), repeated, n, { temperature });
}
