/** Of one-dimensional laws: both tails with their logarithms and quantiles, and gradients of divergences. */
import { Bernoulli, type Floats, klDivergence } from 'anymax';
import { type Big, big, exp, expm1, greatest, log, log1p, minus, negative, one, over, plus, size, times } from '../oracles/big.ts'; // prettier-ignore
import { EXACT_LAWS, type ExactLaw, normalTail, sigmoid, softplus } from '../oracles/exact_laws.ts';
import type { Exact } from '../oracles/exact_rows.ts';
import { bitOf, lawOf } from '../tables/laws.ts';
import { at, fill, type LawCorner, LOGITS, of, PAIRS, single, standard, U, Z } from './law_rows.ts';

type Name = 'Gumbel' | 'Logistic' | 'Normal';

/** exp(-z) */
const decay = (z: Big): Big => exp(negative(z));

interface Tails {
  readonly sf: (z: Big) => Big;
  readonly logCdf: (z: Big) => Big;
  readonly logSf: (z: Big) => Big;
  readonly isf: (u: Big) => Exact;
}

/** Symmetric around 0, by the logarithm of its cdf. */
const symmetric = ({ cdf, icdf }: ExactLaw, logCdf: (z: Big) => Big): Tails => ({
  sf: (z) => cdf(negative(z)),
  logCdf,
  logSf: (z) => logCdf(negative(z)),
  isf(u) {
    const { value, size: by } = icdf(u);
    return of(negative(value as Big), by);
  },
});

const TAILS: Readonly<Record<Name, Tails>> = {
  Gumbel: {
    sf: (z) => negative(expm1(negative(decay(z)))),
    logCdf: (z) => negative(decay(z)),
    logSf: (z) => (z.m < 0n ? log1p(negative(decay(decay(z)))) : log(negative(expm1(negative(decay(z)))))),
    isf(u) {
      const z = negative(log(negative(log1p(negative(u)))));
      return of(z, greatest([one, size(z)]));
    },
  },
  Logistic: symmetric(EXACT_LAWS.Logistic, (z) => negative(softplus(negative(z)))),
  Normal: symmetric(EXACT_LAWS.Normal, (z) =>
    z.m < 0n ? log(normalTail(negative(z))) : log1p(negative(normalTail(z))),
  ),
};

const bounds = (name: Name): LawCorner['within'] => ({ float32: 1, float64: name === 'Normal' ? 8 : 4 });

const tails = (Object.keys(TAILS) as Name[]).flatMap((name): LawCorner[] => {
  const exact = TAILS[name];
  /** Where a rounding inside makes more of it: exp(-z) of a Gumbel. */
  const inside = (z: Big): Big => (name === 'Gumbel' ? plus(one, decay(z)) : one);
  return [
    {
      name: `${name}.sf`,
      rows: single(Z),
      run: (z) => standard(name, z!).sf(z!),
      exact: (z) => (Math.abs(z!) > 1e4 ? at(Number(z! < 0)) : of(exact.sf(big(z!)))),
      within: bounds(name),
    },
    ...(['logCdf', 'logSf'] as const).map((log): LawCorner => {
      const sign = log === 'logCdf' ? -1 : 1;
      return {
        name: `${name}.${log}`,
        rows: single(Z),
        except: (z) => name === 'Gumbel' && Math.abs(z!) > 800,
        run: (z) => standard(name, z!)[log](z!),
        exact(z) {
          if (Math.abs(z!) === Infinity) return at(sign * z! > 0 ? -Infinity : 0);
          const value = exact[log](big(z!));
          return of(value, log === 'logSf' ? times(size(value), inside(big(z!))) : size(value));
        },
        within: bounds(name),
      };
    }),
    {
      name: `${name}.isf`,
      rows: single(U),
      run: (u) => standard(name, u!).isf(u!),
      exact: (u) => (u === 0 || u === 1 ? at(u === 0 ? Infinity : -Infinity) : exact.isf(big(u!))),
      within: { float32: 1, float64: 4 },
    },
  ];
});

const STEP = big(2 ** -60);
/** A derivative to 100 bits. */
const derivative = (f: (h: Big) => Big): Big => over(minus(f(STEP), f(negative(STEP))), times(big(2), STEP));

const lawGradients = (Object.keys(TAILS) as Name[]).flatMap((name) => {
  const parts = name === 'Logistic' ? (['loc'] as const) : (['loc', 'scale'] as const);
  return (['p', 'q'] as const).flatMap((side) =>
    parts.map((part): LawCorner => ({
      name: `klDivergence.vjp of ${name}, ${part} of ${side}`,
      rows: PAIRS,
      run(a, s, b, t) {
        const q = name === 'Logistic' ? s! : t!;
        return klDivergence.vjp(lawOf(name, a!, s!), lawOf(name, b!, q), fill(a!, 1))[side][part] as Floats;
      },
      exact(a, s, b, t) {
        const width = big(name === 'Logistic' ? s! : t!),
          loc = over(minus(big(a!), big(b!)), width),
          scale = over(big(s!), width),
          { kl } = EXACT_LAWS[name];
        const byLoc = derivative((h) => kl(plus(loc, h), scale)),
          byScale = derivative((h) => kl(loc, plus(scale, h)));
        const own = part === 'loc' ? byLoc : byScale,
          other = part === 'loc' ? negative(byLoc) : negative(plus(times(byLoc, loc), times(byScale, scale)));
        const value = over(side === 'p' ? own : other, width);
        return of(value, greatest([size(value), over(one, width)]));
      },
      within: { float32: 1, float64: name === 'Gumbel' ? 64 : 8 },
    })),
  );
});

const bitGradients = (['Bernoulli', 'BinConcrete', 'LogitBinConcrete'] as const).flatMap((name) =>
  (['p', 'q'] as const).map((side): LawCorner => ({
    name: `klDivergence.vjp of ${name}, ${side}`,
    rows: LOGITS,
    run(a, b) {
      const [p, q] = [a!, b!].map((logits) => (name === 'Bernoulli' ? new Bernoulli(logits) : bitOf(name, logits, { temperature: 0.5 }))); // prettier-ignore
      return (klDivergence.vjp(p as never, q as never, fill(a!, 1) as never) as Record<string, { logits: Floats }>)[
        side
      ]!.logits;
    },
    exact(a, b) {
      const d = minus(big(a!), big(b!)),
        [p, q] = [sigmoid(big(a!)), sigmoid(big(b!))];
      if (name === 'Bernoulli') {
        if (side === 'p') return of(times(times(p, sigmoid(negative(big(a!)))), d));
        // q - p = q (1 - p) (1 - exp d)
        return of(negative(times(times(q, sigmoid(negative(big(a!)))), expm1(d))));
      }
      const byShift = derivative((h) => EXACT_LAWS.Logistic.kl(plus(d, h), one));
      return of(side === 'p' ? byShift : negative(byShift));
    },
    within: { float32: 1, float64: 64 },
  })),
);

export const TAIL_CORNERS: readonly LawCorner[] = [...tails, ...lawGradients, ...bitGradients];
