import * as anymax from 'anymax';
import { expect, test } from 'vitest';
import { conformance, differences } from '../runtimes/conformance.ts';
import golden from '../runtimes/golden.json' with { type: 'json' };

/** Values change only with an entry under "Value-breaking" in the CHANGELOG; then `npm run golden` writes them anew. */
test('the bits of every op are the golden ones, on both backends', () => {
  const report = conformance(anymax);
  expect(report.unknown, 'ops without a line in test/runtimes/ops.ts').toEqual([]);
  expect(report.backend).toBe('wasm');
  expect(differences(report.wasm!, report.js), 'wasm against JS').toEqual([]);
  expect(differences(report.js, golden), 'against test/runtimes/golden.json (npm run golden)').toEqual([]);
});
