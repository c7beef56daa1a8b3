/** Gradients of relaxed bits: of the sample by its logits, and of the log-densities. */
import { binConcreteLogProb, type Floats, gumbelSigmoid, logitBinConcreteLogProb } from 'anymax';
import { type Big, big, minus, negative, one, over, plus, size, sum, times } from '../oracles/big.ts';
import { logit, sigmoid } from '../oracles/exact_laws.ts';
import type { Exact } from '../oracles/exact_rows.ts';
import { cross, ENDS, fill, type LawCorner, of, signed } from './law_rows.ts';

const two = big(2);

/** h = 1 - 2 sigmoid(logits - T z), with what roundings inside make of it. */
function slopeOf(z: Big, logits: number, temperature: number): { h: Big; by: Big } {
  const scaled = times(big(temperature), z),
    d = minus(big(logits), scaled),
    p = sigmoid(d),
    q = sigmoid(negative(d)),
    h = minus(q, p);
  return { h, by: plus(size(h), times(times(two, times(p, q)), sum([one, size(big(logits)), size(scaled)]))) };
}

type Part = 'logits' | 'temperature' | 'y' | 'z';

function exactOf(part: Part, z: Big, y: Big | undefined, logits: number, temperature: number): Exact {
  const t = big(temperature),
    { h, by } = slopeOf(z, logits, temperature);
  if (part === 'logits') return of(h, by);
  if (part === 'temperature') return of(minus(over(one, t), times(z, h)), plus(over(one, t), times(size(z), by)));
  if (part === 'z') return of(negative(times(t, h)), times(t, by));
  const inner = times(y!, minus(one, y!));
  return of(over(minus(minus(times(two, y!), one), times(t, h)), inner), over(plus(one, times(t, by)), inner));
}

/** Temperatures that both dtypes have. */
export const RELAXED_GRADIENTS = [0.125, 1, 3].flatMap((temperature): LawCorner[] => {
  const o = { temperature };
  return [
    {
      name: `gumbelSigmoid.vjp, T ${temperature}`,
      rows: cross(ENDS, [1, -3.5, 1e-20]),
      run: (y, d) => gumbelSigmoid.vjp(y!, d!, o),
      exact: (y, d) => of(over(times(times(big(d!), big(y!)), minus(one, big(y!))), big(temperature))),
      within: { float32: 4, float64: 4 },
    },
    ...(['y', 'logits', 'temperature'] as const).map((part): LawCorner => ({
      name: `binConcreteLogProb.vjp by ${part}, T ${temperature}`,
      rows: cross(signed([0, 0.5, 4, 40]), ENDS),
      except: (_, y) => y === 0 || y === 1,
      run: (l, y) => binConcreteLogProb.vjp(y!, l!, fill(l!, 1), o)[part] as Floats,
      exact: (l, y) => exactOf(part, logit(big(y!)), big(y!), l!, temperature),
      within: { float32: 8, float64: 8 },
    })),
    ...(['z', 'logits', 'temperature'] as const).map((part): LawCorner => ({
      name: `logitBinConcreteLogProb.vjp by ${part}, T ${temperature}`,
      rows: cross(signed([0, 0.5, 4, 40]), signed([0, 1e-300, 0.3, 5, 40, 300])),
      run: (l, z) => logitBinConcreteLogProb.vjp(z!, l!, fill(l!, 1), o)[part] as Floats,
      exact: (l, z) => exactOf(part, big(z!), undefined, l!, temperature),
      within: { float32: 8, float64: 8 },
    })),
  ];
});
