/** npm run estimators: bias and variance of gradient estimators, and how the pathwise gradient vanishes as T falls. */
import { compare, DRAWS, vanish } from './measure.mjs';
import { CLASSES, exactGradient, LOGITS, WORTH } from './estimators.mjs';

const WIDTHS = [6, 11, 11, 17, 17];
const list = (values) => `[${Array.from(values, (v) => +v.toFixed(3)).join(', ')}]`;
const number = (value) => (value < 0.001 ? value.toExponential(0) : value.toPrecision(3)).padStart(9);
const withError = (value, error) => `${number(value)} ± ${error.toPrecision(1).padEnd(7)}`;

console.log(`The gradient of E f(z) in ${CLASSES} logits ${list(LOGITS)}, z one-hot ~ softmax(logits),`);
console.log(`f(z) = (w z)^3, w = ${list(WORTH)}. Exact: ${list(exactGradient())}, of norm`);
console.log(`${Math.hypot(...exactGradient()).toFixed(3)}. ${DRAWS} draws each; ± is one standard error.\n`);
console.log('estimator                          T    norm of the bias      variance of a draw');
for (const { name, temperature, bias, biasError, variance, varianceError } of compare()) {
  const cells = [withError(bias, biasError), withError(variance, varianceError)];
  console.log(`${name.padEnd(30)}${String(temperature ?? '').padStart(6)}${cells.join('  ')}`.trimEnd());
}

console.log(
  '\nThe norm of the Gumbel-Softmax gradient of one draw: most draws lose it as T falls, and few carry all\n',
);
console.log(
  ['T', 'median', 'mean', 'lower quartile', 'upper quartile'].map((name, i) => name.padStart(WIDTHS[i])).join(''),
);
for (const { temperature, median, mean, lower, upper } of vanish()) {
  const cells = [String(Number(temperature.toPrecision(2))), ...[median, mean, lower, upper].map(number)];
  console.log(cells.map((cell, i) => cell.padStart(WIDTHS[i])).join(''));
}
