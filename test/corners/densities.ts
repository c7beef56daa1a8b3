/** Densities of a row: log y is the package's own log-softmax of the logits at T. Zeros and masks have tables elsewhere. */
import { concreteLogProb, expConcreteLogProb, type Floats } from 'anymax';
import { type Big, big, times } from '../oracles/big.ts';
import { concreteValue, expConcreteGradients, expConcreteValue } from '../oracles/exact_laws.ts';
import { type Corner, type Given, list, softmax } from './corner.ts';

/** log y has no end, or T log y none: there the density is 0, and has no gradient. */
const endless = ({ logP, temperature }: Given): boolean =>
  !logP.every((v) => Number.isFinite(v) && Number.isFinite(logP.map(() => v * temperature)[0]));
const isSingle = (x: Floats): boolean => x instanceof Float32Array;
const finite = (values: Floats): boolean => values.every(Number.isFinite);
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
      const all = new (logY.constructor as new (n: number) => Floats)(2 * n + 1);
      all.set(logY);
      all.set(logits, n);
      all.set(slope, 2 * n);
      return all;
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
];
