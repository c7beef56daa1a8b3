/** Densities of a row: log y is the package's own log-softmax of the logits at T. Zeros and masks have tables elsewhere. */
import { concreteLogProb, expConcreteLogProb, type Floats, gumbelGiven, plackettLuceLogProb, random } from 'anymax';
import { KEY } from '../accuracy/harness.ts';
import { givenTopValues, rankingGradientValues, rankingValue } from '../oracles/rankings.ts';
import { type Big, big, times } from '../oracles/big.ts';
import { concreteGradients, concreteValue, expConcreteGradients, expConcreteValue } from '../oracles/exact_laws.ts';
import { type Corner, type Given, list, softmax } from './corner.ts';

/** log y has no end, or T log y none: there the density is 0, and has no gradient. */
const endless = ({ logP, temperature }: Given): boolean =>
  !logP.every((v) => Number.isFinite(v) && Number.isFinite(logP.map(() => v * temperature)[0]));
const isSingle = (x: Floats): boolean => x instanceof Float32Array;
const finite = (values: Floats): boolean => values.every(Number.isFinite);
const ones = (like: Floats): Floats => like.slice(0, 1).fill(1);
/** Half of the classes that are not masked, from the middle on. */
const rankingOf = (x: Floats): Int32Array => {
  const open = [...x.keys()].filter((i) => x[i]! > -Infinity);
  return Int32Array.from({ length: (open.length + 1) >> 1 }, (_, j) => open[(j + (open.length >> 2)) % open.length]!);
};
/** 1 / T leaves float64, or (x - max) / T has no digit behind the point. */
const beyond = ({ x, temperature }: Given): boolean =>
  1 / temperature === Infinity || x.some((v) => v > -Infinity && (v - Math.max(...x)) / temperature < -(2 ** 50));
const joined = (...parts: Floats[]): Floats =>
  new (parts[0]!.constructor as new (values: number[]) => Floats)(parts.flatMap((part) => [...part]));

export const DENSITY_CORNERS: readonly Corner[] = [
  {
    name: 'expConcreteLogProb',
    max: softmax,
    takes: ['logP'],
    run: ({ logP, x, n, temperature }) => expConcreteLogProb(logP, x, n, { temperature }),
    exact: ({ logP, x, temperature }) => [expConcreteValue(list(logP), list(x), temperature, isSingle(x))],
    within: { float32: 1e-6, float64: 2 ** -50 },
    relative: true,
    except: endless,
  },
  {
    name: 'expConcreteLogProb.vjp',
    max: softmax,
    takes: ['logP', 'dRow'],
    run({ logP, x, dRow, n, temperature }) {
      const { logY, logits, temperature: slope } = expConcreteLogProb.vjp(logP, x, dRow, n, { temperature });
      return joined(logY, logits, slope);
    },
    exact({ logP, x, dRow, temperature }) {
      const [logY, logits, slope] = expConcreteGradients(
          list(logP),
          list(x),
          temperature,
          isSingle(x) ? 2 ** -23 : 2 ** -52,
        ),
        scale = big(dRow[0]!);
      return [...logY, ...logits, slope].map(({ value, size: by }) => ({
        value: times(value as Big, scale),
        size: times(by, scale),
      }));
    },
    within: { float32: 1e-6, float64: 2 ** -48 },
    relative: true,
    except: endless,
  },
  {
    name: 'concreteLogProb',
    max: softmax,
    takes: ['p'],
    run: ({ p, x, n, temperature }) => concreteLogProb(p, x, n, { temperature }),
    exact: ({ p, x, temperature }) => [concreteValue(list(p), list(x), temperature, isSingle(x))],
    within: { float32: 1e-6, float64: 2 ** -50 },
    relative: true,
    except: ({ p, x }) => !finite(x) || p.some((v) => v === 0),
  },
  {
    name: 'concreteLogProb.vjp',
    max: softmax,
    takes: ['p', 'dRow'],
    run({ p, x, dRow, n, temperature }) {
      const { y, logits, temperature: slope } = concreteLogProb.vjp(p, x, dRow, n, { temperature });
      return joined(y, logits, slope);
    },
    exact({ p, x, dRow, temperature }) {
      const [y, logits, slope] = concreteGradients(list(p), list(x), temperature, isSingle(x) ? 2 ** -23 : 2 ** -52),
        scale = big(dRow[0]!);
      return [...y, ...logits, slope].map(({ value, size: by }) => ({
        value: times(value as Big, scale),
        size: times(by, scale),
      }));
    },
    within: { float32: 1e-6, float64: 2 ** -48 },
    relative: true,
    // one class has a gradient of 0; where a density is not finite, its gradients are NaN
    except: ({ p, x }) => x.length === 1 || !x.every((v) => Math.abs(v) < 1e300) || p.some((v) => v === 0),
  },
  {
    name: 'plackettLuceLogProb',
    max: softmax,
    takes: [],
    run: ({ x, n, temperature }) => plackettLuceLogProb(x, rankingOf(x), n, rankingOf(x).length, { temperature }),
    exact: ({ x, temperature }) => [rankingValue(list(x), [...rankingOf(x)], temperature)],
    within: { float32: 1, float64: 64 },
    except: beyond,
  },
  {
    name: 'plackettLuceLogProb.vjp',
    max: softmax,
    takes: [],
    run({ x, n, temperature }) {
      const k = rankingOf(x).length;
      const { logits, temperature: slope } = plackettLuceLogProb.vjp(x, rankingOf(x), ones(x), n, k, { temperature });
      return joined(logits, slope);
    },
    exact: ({ x, temperature }) => rankingGradientValues(list(x), [...rankingOf(x)], temperature),
    within: { float32: 1, float64: 256 },
    except: beyond,
  },
  {
    name: 'gumbelGiven',
    max: softmax,
    takes: [],
    run: ({ x, n }) => gumbelGiven(KEY, x, ones(x), n),
    exact({ x, n }) {
      const g = random.gumbel(KEY, n, { dtype: isSingle(x) ? 'float32' : 'float64' } as { dtype: 'float64' });
      return givenTopValues(Array.from(x, (v, i) => v + g[i]!), 1); // prettier-ignore
    },
    within: { float32: 1, float64: 8 },
    except: ({ x }) => !x.every((v) => v === -Infinity || Math.abs(v) < 1e4),
  },
];
