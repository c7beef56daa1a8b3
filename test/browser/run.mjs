// npm run test:browser-example: examples/browser by pointer and keys in Chromium, Firefox and WebKit. What it has to show
// is what the package gives here. `--only NAME` runs the checks whose name has NAME in it.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { categorical, entmax, gumbelMax, init, key, softmax, sparsemax, split } from 'anymax';
import { sampleTokens, truncate } from 'anymax/tokens';
import { LOGITS as LOGITS_OF_TOKENS } from '../../examples/browser/tokens.js';
import { POLICY, buildPage, listener } from '../../examples/browser/serve.mjs';
import { root, runChecks, start, within } from '../support/packed.mjs';
import { installBrowsers } from '../runtimes/browsers.mjs';
import { serve } from '../support/servers.mjs';
import { actions } from './actions.mjs';
import { contrast } from './contrast.mjs';
import { drivers } from './drivers/index.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' } } });

/** Runs before the page's own scripts: whatever goes wrong is remembered. */
const ERRORS = `self.errors = [];
self.violations = 0;
const remember = (...what) => errors.push(what.join(' '));
console.error = console.warn = remember;
addEventListener('error', ({ message, target }) => remember(message ?? 'not loaded', target.src ?? target.href ?? ''), true);
addEventListener('unhandledrejection', ({ reason }) => remember(reason));
addEventListener('securitypolicyviolation', ({ blockedURI }) => blockedURI.includes('wasm') ? violations++ : remember(blockedURI));`;

async function site(policy) {
  const files = await buildPage();
  files['/'] = files['/'].replace('<link', '<script src="errors.js"></script><link');
  return serve(listener({ ...files, '/errors.js': ERRORS }, policy));
}

const LOGITS = [2, 1, 0, -1, 0.5];
const percent = (share) => `${(100 * share).toFixed(1)}%`;
const shown = (max, logits, temperature) =>
  Array.from(max(Float64Array.from(logits), logits.length, { temperature }), percent);

/** The thousand draws of each method, as two shares for each class. */
function drawn(seed, logits, temperature) {
  const n = logits.length;
  const [first, second] = split(key(seed), 4);
  const repeated = Float64Array.from({ length: 1000 * n }, (_, i) => logits[i % n]);
  const draws = [
    gumbelMax(first, repeated, n, { temperature }),
    categorical(second, Float64Array.from(logits), n, { temperature, draws: 1000 }),
  ];
  const share = (indices, k) => percent(indices.filter((index) => index === k).length / 1000);
  return logits.flatMap((_, k) => draws.map((indices) => share(indices, k)));
}

async function temperature({ page }) {
  assert.deepEqual(await page.values('probabilities'), shown(softmax, LOGITS, 1));
  await page.drag('#temperature', 0.5, 0.2);
  const T = Number(await page.text('#temperature-value'));
  assert(T > 0.05 && T < 0.3, `temperature ${T}`);
  assert.deepEqual(await page.values('probabilities'), shown(softmax, LOGITS, T));
  assert.deepEqual(await page.values('draws'), drawn(1, LOGITS, T));
  await page.focus('#temperature');
  await page.keys(['ArrowRight']);
  const next = Number(await page.text('#temperature-value'));
  assert(next > T, `${next} after ${T}`);
  assert.deepEqual(await page.values('probabilities'), shown(softmax, LOGITS, next));
}

async function bars({ page }) {
  const bar = '#logits [role=slider]';
  assert.equal(await page.attribute(bar, 'aria-valuenow'), '2');
  await page.drag(bar, 0.7, 0.9);
  const dragged = Number(await page.attribute(bar, 'aria-valuenow'));
  assert(Math.abs(dragged - 4) <= 0.1, `dragged to ${dragged}`); // -5 to 5: nine tenths are 4
  assert.deepEqual(await page.values('probabilities'), shown(softmax, [dragged, ...LOGITS.slice(1)], 1));

  await page.focus(bar);
  for (const [pressed, logit] of [
    [['Home'], -5],
    [['ArrowLeft'], -5],
    [['PageUp', 'PageUp'], -3],
    [['ArrowUp'], -2.9],
    [['ArrowDown', 'ArrowLeft'], -3.1],
    [['PageDown', 'ArrowRight'], -4],
    [['End'], 5],
  ]) {
    for (const name of pressed) await page.keys([name]);
    assert.equal(await page.attribute(bar, 'aria-valuenow'), String(logit), pressed.join());
    assert.deepEqual(await page.values('probabilities'), shown(softmax, [logit, ...LOGITS.slice(1)], 1));
  }
  assert.equal(await page.attribute(bar, 'aria-valuemin'), '-5');
  assert.equal(await page.attribute(bar, 'aria-valuemax'), '5');
  assert.notEqual(await page.style(bar, 'outlineStyle'), 'none'); // the focus is seen
  await page.keys(['Tab', 'ArrowRight']);
  assert.equal(await page.attribute('#logits .row:nth-child(2) [role=slider]', 'aria-valuenow'), '1.1');
}

async function maxes({ page }) {
  await page.click('input[value=sparsemax]');
  assert.deepEqual(await page.values('probabilities'), shown(sparsemax, LOGITS, 1));
  assert(await page.property('#alpha', 'disabled'));
  await page.click('input[value=entmax]');
  await page.drag('#alpha', 0.1, 0.6);
  const alpha = Number(await page.text('#alpha-value'));
  assert(alpha > 2.5 && alpha < 3.1, `alpha ${alpha}`);
  assert.deepEqual(await page.values('probabilities'), shown(entmax(alpha), LOGITS, 1));
  const [a, b, c] = entmax(alpha)(Float64Array.from(LOGITS.slice(0, 3)), 3);
  assert(Math.abs(a + b + c - 1) < 1e-12);
  const at = (await Promise.all(['cx', 'cy'].map((name) => page.attribute('.point', name)))).map(Number);
  for (const [i, wanted] of [100 * (b + c / 2), 50 * Math.sqrt(3) * (1 - c)].entries()) {
    assert(Math.abs(at[i] - wanted) < 0.01, `the point is at ${at}`);
  }
}

async function typing({ page }) {
  await page.click('#typed');
  await page.keys(['End', ...Array.from({ length: 20 }, () => 'Backspace'), ...'3 -1 x']);
  assert.match(await page.text('#problem'), /Numbers from -5 to 5/);
  assert.equal(await page.attribute('#typed', 'aria-invalid'), 'true');
  assert.deepEqual(await page.values('probabilities'), shown(softmax, [2, 1, 0], 1)); // the last that the text said on its way
  await page.keys(['Backspace', ...'0.25']);
  assert.equal(await page.text('#problem'), '');
  assert.deepEqual(await page.values('probabilities'), shown(softmax, [3, -1, 0.25], 1));
  assert.deepEqual(await page.values('draws'), drawn(1, [3, -1, 0.25], 1));
}

async function mask({ page }) {
  await page.click('input[value=sparsemax]');
  await page.click('#typed');
  await page.keys(['End', ...Array.from({ length: 20 }, () => 'Backspace'), ...'2 1 -Infinity']);
  assert.equal(await page.text('#problem'), '');
  assert.deepEqual(await page.values('probabilities'), shown(sparsemax, [2, 1, -Infinity], 1));
  assert.deepEqual(await page.values('draws'), drawn(1, [2, 1, -Infinity], 1));
  assert.match(await page.text('#code'), /Float64Array\.of\(2, 1, -Infinity\);\nsparsemax\(logits, 3\);/);
  assert.match(await page.text('#why'), /whatever the max is/);
}

/** What top-k and top-p leave, and the draws of it, in pairs; of what is removed one value. */
async function tokens({ page }) {
  await page.focus('#token-topK');
  await page.keys(['Home', ...Array.from({ length: 5 }, () => 'ArrowRight')]);
  const n = LOGITS_OF_TOKENS.length;
  const options = { topK: 5, topP: 0.9 };
  const logits = Float32Array.from({ length: 1000 * n }, (_, i) => LOGITS_OF_TOKENS[i % n]);
  const drawn = sampleTokens(key(1), logits, n, options);
  const left = softmax(truncate(LOGITS_OF_TOKENS, n, options), n);
  const kept = [...left].filter((p) => p > 0);
  assert(kept.length > 1 && kept.length <= 5);
  const pairs = kept.flatMap((p, k) => [p, drawn.filter((token) => token === k).length / 1000]);
  const removed = softmax(LOGITS_OF_TOKENS, n).subarray(kept.length);
  assert.deepEqual(await page.values('tokens'), [...pairs, ...removed].map(percent));
  assert.equal((await page.widths('#tokens .cut')).length, n - kept.length);
  assert.match(await page.text('#left'), new RegExp(`^${kept.length} of ${n} tokens are left`));
  assert.match(await page.text('#token-code'), /sampleTokens\(key\(1\), logits, 24, \{ topK: 5, topP: 0\.9 \}\);/);
}

async function seeds({ page }) {
  const before = await page.outline('#relaxed');
  await page.click('#again');
  assert.deepEqual(await page.values('draws'), drawn(2, LOGITS, 1));
  assert.notEqual(await page.outline('#relaxed'), before);
}

const measured =
  (wasm) =>
  async ({ page }) => {
    await page.click('#measure');
    await page.until(() => document.querySelector('#progress').textContent === 'done');
    const found = await page.values('benchmark');
    assert.equal(found.length, 18);
    const beside = /^\d+\.\d\d ns \(\d+\.\d×\)$/;
    const expected = [wasm ? beside : /^refused here$/, beside, /^\d+\.\d\d ns$/]; // wasm, JavaScript, the plain loop
    for (const [i, text] of found.entries()) {
      assert.match(text, expected[i % 3]);
      if (i % 3 > 0 || wasm) assert(parseFloat(text) > 0, text);
    }
    const seen = (await page.widths('#benchmark .fill')).filter((width) => width > 0);
    assert.equal(seen.length, wasm ? 18 : 12);
    assert.match(await page.text('#backend'), wasm ? /^wasm$/ : /^JS$/);
  };

/** Only Chromium's driver can change the scheme. */
async function dark({ page }) {
  const background = () => page.style('body', 'backgroundColor');
  assert.equal(await background(), 'rgb(244, 245, 247)');
  await page.scheme('dark');
  assert.equal(await background(), 'rgb(15, 18, 22)');
  await page.scheme('light');
}

/** A phone; the window of a driven WebKit is never narrower than 447 px. */
async function narrow({ page, size }) {
  await page.resize(360, 740);
  const { inner, content } = await page.sizes();
  if (size === 'exact') assert.equal(inner, 360);
  assert(content <= inner, `${content} px of content on ${inner}`);
  await page.drag('#logits [role=slider]', 0.7, 0.2);
  const logit = Number(await page.attribute('#logits [role=slider]', 'aria-valuenow'));
  assert(Math.abs(logit + 3) <= 0.1, `dragged to ${logit}`);
}

const CHECKS = { temperature, bars, maxes, typing, mask, tokens, seeds, benchmark: measured(true), narrow };
/** Under a policy that lets no wasm be compiled. */
const REFUSED = { 'temperature, no wasm': temperature, 'benchmark, no wasm': measured(false) };

installBrowsers();
init({ backend: 'js' }); // what the page has from wasm is not only wasm's own
const plain = await site(POLICY);
const strict = await site(POLICY.replace(" 'wasm-unsafe-eval'", ''));

/** `npm run example:browser` without the build. */
async function served() {
  const server = start(process.execPath, [`${root}examples/browser/serve.mjs`]);
  try {
    const deadline = Date.now() + 20_000;
    while (!server.output().includes('\n') && Date.now() < deadline) await setTimeout(50);
    const [url] = /^http:\/\/127\.0\.0\.1:\d+\//.exec(server.output()) ?? assert.fail(server.output());
    const page = await fetch(url);
    assert.equal(page.headers.get('content-security-policy'), POLICY);
    const names = [...(await page.text()).matchAll(/(?:href|src)="([^":]+)"/g)].map(([, name]) => name);
    assert.deepEqual(names.toSorted(), ['page.css', 'page.js']); // nothing from elsewhere
    for (const name of names) assert.equal((await fetch(url + name)).status, 200);
    assert.equal((await fetch(`${url}serve.mjs`)).status, 404);
    return url;
  } finally {
    server.stop();
    await server.ended;
  }
}

const checks = Object.entries(drivers).flatMap(([name, open]) => {
  let driver;
  const all = { ...CHECKS, ...(name === 'Chromium' && { dark }), ...REFUSED };
  const steps = Object.entries(all).map(([what, check]) => [
    `${name}: ${what}`,
    async () => {
      driver ??= await open();
      const wasm = !(what in REFUSED);
      await driver.resize(1200, 900);
      await driver.goto((wasm ? plain : strict).origin);
      const page = actions(driver);
      await within(
        10_000,
        page.until(() => document.querySelector('#took')?.textContent),
        () => 'the page shows nothing',
      );
      assert.equal(await page.text('#backend'), wasm ? 'wasm' : 'JS');
      assert.equal((await page.text('#reason')) === '', wasm);
      await within(60_000, check({ page, size: name === 'WebKit' ? 'at least' : 'exact' }), () => 'took too long');
      assert.deepEqual(await driver.evaluate(() => self.errors), []);
      // One attempt to compile at most; a driven WebKit tells of none (test/runtimes counts them).
      const violations = await driver.evaluate(() => self.violations);
      assert.equal(violations, wasm || name === 'WebKit' ? 0 : 1);
      return page.text('#backend');
    },
  ]);
  return [...steps, [`${name}: ends`, async () => (await driver?.stop()) ?? '']];
});
checks.unshift(['serve.mjs', served], ['page.css', contrast]);
await runChecks(checks.filter(([name]) => name.includes(options.only) || name.endsWith(': ends')));
await Promise.all([plain.close(), strict.close()]);
