/**
 * The table of what is fuzzed: a row for each op, by its name in the package. An op of the package without a row fails
 * the run.
 */

/**
 * An array of a call, by what it holds; `target` holds a class per row, or a point of the simplex, `ranking` k classes per row.
 */
export type Data =
  'scores' | 'weights' | 'simplex' | 'logSimplex' | 'bits' | 'gradient' | 'gradientPerRow' | 'target' | 'ranking';

/** An argument before the options. `length`: how many values noise has. */
export type Slot = Data | 'source' | 'n' | 'k' | 'length';

export interface OpRow {
  readonly slots: readonly Slot[];
  /** The names of the options, `out` left out: every op has it but those that give a record. */
  readonly options: readonly ('temperature' | 'max' | 'draws' | 'dtype')[];
  /** Whether T = 0 and T = Infinity have results. */
  readonly limits: boolean;
  /** The shape of the result: like the input, one value or index per row, `k` or `draws` indices per row, arrays by name. */
  readonly gives: 'like' | 'value' | 'index' | 'k' | 'draws' | 'noise' | 'record';
}

const row = (
  slots: OpRow['slots'],
  gives: OpRow['gives'],
  options: OpRow['options'] = [],
  limits: boolean = true,
): OpRow => ({ slots, options, limits, gives });

/** What every max has. */
function maxRows(name: string): Record<string, OpRow> {
  return {
    [name]: row(['scores', 'n'], 'like', ['temperature']),
    [`${name}.vjp`]: row(['simplex', 'gradient', 'n'], 'like', ['temperature']),
    [`${name}.vjpTemperature`]: row(['simplex', 'gradient', 'n'], 'value', ['temperature']),
    [`${name}.vjpAlpha`]: row(['simplex', 'gradient', 'n'], 'value'),
    [`${name}.entropy`]: row(['simplex', 'n'], 'value'),
    [`${name}.entropy.vjp`]: row(['simplex', 'gradientPerRow', 'n'], 'like'),
    [`${name}.loss`]: row(['scores', 'target', 'n'], 'value', ['temperature'], false),
    [`${name}.loss.vjp`]: row(['scores', 'target', 'gradientPerRow', 'n'], 'like', ['temperature'], false),
    [`${name}.lossGradient`]: row(['scores', 'target', 'n'], 'like', ['temperature'], false),
  };
}

/** A density of rows, or of elements. */
function densityRows(name: string, value: Data, byRow: boolean): Record<string, OpRow> {
  const [slots, slopes]: Slot[][] = byRow
    ? [
        [value, 'scores', 'n'],
        [value, 'scores', 'gradientPerRow', 'n'],
      ]
    : [
        [value, 'scores'],
        [value, 'scores', 'gradient'],
      ];
  return {
    [name]: row(slots!, byRow ? 'value' : 'like', ['temperature'], false),
    [`${name}.vjp`]: row(slopes!, 'record', ['temperature'], false),
  };
}

const sample = (gives: OpRow['gives'], options: OpRow['options'] = ['temperature']): OpRow =>
  row(['source', 'scores', 'n'], gives, options);
const noise = row(['source', 'length'], 'noise', ['dtype']);

export const OPS: Readonly<Record<string, OpRow>> = {
  ...['softmax', 'sparsemax', 'entmax15', 'entmax'].map(maxRows).reduce((all, rows) => ({ ...all, ...rows })),
  argmax: row(['scores', 'n'], 'index'),
  topK: row(['scores', 'n', 'k'], 'k'),
  hardmax: row(['scores', 'n'], 'like'),
  supportSize: row(['simplex', 'n'], 'index'),
  logSoftmax: row(['scores', 'n'], 'like', ['temperature']),
  'logSoftmax.vjp': row(['logSimplex', 'gradient', 'n'], 'like', ['temperature']),
  'logSoftmax.vjpTemperature': row(['logSimplex', 'gradient', 'n'], 'value', ['temperature']),
  logSumExp: row(['scores', 'n'], 'value', ['temperature'], false),
  'logSumExp.vjp': row(['scores', 'gradientPerRow', 'n'], 'like', ['temperature'], false),

  'logSumExp.vjpTemperature': row(['scores', 'gradientPerRow', 'n'], 'value', ['temperature'], false),
  gumbelMax: sample('index'),
  categorical: sample('draws', ['temperature', 'draws']),
  gumbelTopK: row(['source', 'scores', 'n', 'k'], 'k', ['temperature']),
  gumbelGiven: row(['source', 'scores', 'gradientPerRow', 'n'], 'like'),
  exponentialRace: row(['source', 'weights', 'n'], 'draws', ['draws']),
  gumbelSoftmax: sample('like', ['temperature', 'max']),
  'gumbelSoftmax.vjp': row(['simplex', 'gradient', 'n'], 'like', ['temperature', 'max']),
  'gumbelSoftmax.vjpTemperature': row(['simplex', 'gradient', 'n'], 'value', ['temperature', 'max']),
  expConcrete: sample('like'),
  'expConcrete.vjp': row(['logSimplex', 'gradient', 'n'], 'like', ['temperature']),
  'expConcrete.vjpTemperature': row(['logSimplex', 'gradient', 'n'], 'value', ['temperature']),
  gumbelSigmoid: row(['source', 'scores'], 'like', ['temperature']),
  'gumbelSigmoid.vjp': row(['bits', 'gradient'], 'like', ['temperature']),
  logitBinConcrete: row(['source', 'scores'], 'like', ['temperature']),
  'logitBinConcrete.vjp': row(['scores', 'gradient'], 'like', ['temperature']),
  'logitBinConcrete.vjpTemperature': row(['scores', 'gradient'], 'like', ['temperature']),

  plackettLuceLogProb: row(['scores', 'ranking', 'n', 'k'], 'value', ['temperature'], false),
  'plackettLuceLogProb.vjp': row(['scores', 'ranking', 'gradientPerRow', 'n', 'k'], 'record', ['temperature'], false),
  ...densityRows('expConcreteLogProb', 'logSimplex', true),
  ...densityRows('concreteLogProb', 'simplex', true),
  ...densityRows('binConcreteLogProb', 'bits', false),
  ...densityRows('logitBinConcreteLogProb', 'scores', false),

  'random.bits': row(['source', 'length'], 'noise'),
  'random.uniform': noise,
  'random.exponential': noise,
  'random.gumbel': noise,
  'random.logistic': noise,
  'random.normal': noise,
};

/** What computes nothing on rows, or is made of the ops above and has tables of its own. */
export const NOT_FUZZED =
  /^(init|backend|fallbackReason|alloc|key|split|foldIn|perRow|Rng|vjp|categorical\.prepare|logSoftmax\.at|[A-Z]\w+|\w*(ElboTerm|Sampled|Marginal|Divergence))(\.|$)/;
