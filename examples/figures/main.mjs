/** npm run figures: draws docs/figures/*.svg. The same tree gives the same bytes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { annealing } from './annealing.mjs';
import { densities } from './densities.mjs';
import { estimators, vanishing } from './estimators.mjs';
import { maxes, temperature } from './maxes.mjs';
import { semiSupervised } from './semi_supervised.mjs';
import { samples } from './samples.mjs';
import { tokens } from './tokens.mjs';

const folder = fileURLToPath(new URL('../../docs/figures/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const draw of [maxes, temperature, samples, densities, estimators, vanishing, semiSupervised, annealing, tokens]) {
  const svg = draw();
  writeFileSync(`${folder}${draw.name}.svg`, svg);
  console.log(`docs/figures/${draw.name}.svg  ${(svg.length / 1000).toFixed(1)} kB`);
}
