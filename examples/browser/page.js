/** The controls change the state; a frame later everything is computed and drawn anew. */
import { backend, fallbackReason } from 'anymax';
import { measure } from './benchmark.js';
import { benchmark, draws, element, probabilities, relaxed, percent, simplex, tokens } from './drawing.js';
import { slider } from './slider.js';
import { CLASSES, LOGIT, codeOf, compute, hashOf, parseLogits, stateOf } from './state.js';
import { CONTROLS, SIZE, computeTokens, tokensCode } from './tokens.js';

/** @param {string} id */
const $ = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

const WHY =
  'Draws are from softmax(logits / T) whatever the max is: a max relaxes samples, it does not change the classes’ chances.';
const state = stateOf(location.hash);
/** @type {{ show: (value: number) => void, value: HTMLElement }[]} */
let sliders = [];
let frame = 0;

function update() {
  frame ||= requestAnimationFrame(render);
}

function render() {
  frame = 0;
  const began = performance.now();
  const results = compute(state);
  if (sliders.length !== state.logits.length) makeSliders();
  for (const [k, { show, value }] of sliders.entries()) {
    show(state.logits[k]);
    value.textContent = state.logits[k] === -Infinity ? 'masked' : String(state.logits[k]);
  }
  if (document.activeElement !== $('typed')) $('typed').value = state.logits.join(', ');
  showControls();
  $('probabilities').replaceChildren(...probabilities(results.p));
  $('draws').replaceChildren(...draws(results));
  $('relaxed').replaceChildren(...relaxed(results.relaxed, state.logits.length));
  $('simplex').replaceChildren(simplex(results.simplex));
  $('code').textContent = codeOf(state);
  showTokens();
  history.replaceState(null, '', hashOf(state));
  $('took').textContent = `${(performance.now() - began).toFixed(1)} ms`;
}

function showControls() {
  const { max, alpha, temperature, seed } = state;
  for (const radio of document.querySelectorAll('input[name=max]')) radio.checked = radio.value === max;
  $('alpha').disabled = max !== 'entmax';
  for (const id of ['alpha', 'alpha-label']) $(id).classList.toggle('absent', max !== 'entmax');
  $('why').textContent = max === 'softmax' ? '' : WHY;
  $('alpha').value = String(alpha);
  $('alpha-value').textContent = String(alpha);
  $('temperature').value = String(Math.log10(temperature));
  $('temperature').setAttribute('aria-valuetext', String(temperature));
  $('temperature-value').textContent = String(temperature);
  $('formula').textContent = `${max === 'entmax' ? `entmax(${alpha})` : max}(logits / ${temperature})`;
  $('seed').textContent = String(seed);
}

function showTokens() {
  const results = computeTokens(state.tokens, state.seed);
  $('tokens').replaceChildren(...tokens(results));
  $('token-code').textContent = tokensCode(state.tokens, state.seed);
  const count = results.kept.reduce((a, b) => a + b);
  const mass = results.p.reduce((sum, p, k) => sum + p * results.kept[k], 0);
  $('left').textContent = `${count} of ${SIZE} tokens are left, with ${percent(mass)} of the probability.`;
  for (const [name, { off }] of Object.entries(CONTROLS)) {
    const value = state.tokens[name];
    $(`token-${name}`).value = String(value);
    $(`token-${name}-value`).textContent = value === off && name !== 'temperature' ? 'off' : String(value);
  }
}

function makeTokenControls() {
  for (const [name, { label, min, max, step }] of Object.entries(CONTROLS)) {
    const id = `token-${name}`;
    const input = Object.assign(element('input', ''), { id, type: 'range', min, max, step });
    input.addEventListener('input', () => {
      state.tokens[name] = Number(input.value);
      update();
    });
    const value = Object.assign(element('output', ''), { id: `${id}-value` });
    const text = Object.assign(element('label', '', `${label} `, value), { htmlFor: id });
    $('token-controls').append(text, input);
  }
}

function makeSliders() {
  sliders = state.logits.map((_, k) => {
    const { node, show } = slider(`Logit of ${CLASSES[k]}`, LOGIT, (value) => {
      state.logits[k] = value;
      update();
    });
    const value = element('span', 'value');
    return {
      show,
      value,
      row: element('div', 'row', element('span', 'name', CLASSES[k]), element('div', 'bar', node, value)),
    };
  });
  $('logits').replaceChildren(...sliders.map(({ row }) => row));
}

$('typed').addEventListener('input', () => {
  const logits = parseLogits($('typed').value);
  const wrong = typeof logits === 'string';
  $('typed').setAttribute('aria-invalid', String(wrong));
  $('problem').textContent = wrong ? logits : '';
  if (wrong) return;
  state.logits = logits;
  update();
});
$('typed').addEventListener('blur', () => {
  $('typed').setAttribute('aria-invalid', 'false');
  $('problem').textContent = '';
  update(); // says again what the logits are
});
for (const radio of document.querySelectorAll('input[name=max]')) {
  radio.addEventListener('change', () => {
    state.max = radio.value;
    update();
  });
}
$('alpha').addEventListener('input', () => {
  state.alpha = Number($('alpha').value);
  update();
});
$('temperature').addEventListener('input', () => {
  state.temperature = Number((10 ** Number($('temperature').value)).toPrecision(2)); // what is shown is what is used
  update();
});
for (const button of document.querySelectorAll('.again')) {
  button.addEventListener('click', () => {
    state.seed++;
    update();
  });
}
addEventListener('hashchange', () => {
  Object.assign(state, stateOf(location.hash));
  update();
});
$('measure').addEventListener('click', async () => {
  $('measure').disabled = true;
  $('progress').textContent = 'measuring …';
  await new Promise((resolve) => setTimeout(resolve, 50)); // the word is seen first
  await measure((results) => $('benchmark').replaceChildren(...benchmark(results)));
  $('progress').textContent = 'done';
  $('measure').disabled = false;
});

makeTokenControls();
$('backend').textContent = backend() === 'wasm' ? 'wasm' : 'JS';
$('reason').textContent = fallbackReason()?.message ?? '';
render();
