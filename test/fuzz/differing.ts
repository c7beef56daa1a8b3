/** Rows that differ: of lengths, keys and temperatures of their own, apart, masked, ignored. Each must give what it gives alone. */
import { type Case, functionOf, isData, type Library, optionsOf, outputOf, type Output, temperatureOf } from './cases.ts'; // prettier-ignore
import { type Bench, type Check, guardIn } from './checks.ts';
import type { Data } from './ops.ts';
import { PLACEMENTS } from './placements.ts';
import { referenceFailure } from './references.ts';
import { difference, makeFloats, type Numbers, type Random, rankingOf, valuesOf } from './values.ts';

const MAXES = /^(softmax|sparsemax|entmax15|entmax)(\.vjp|\.vjpTemperature)?$/;
/** What a row without an element gives, where it has a number of values: 0 if it is not here. */
const EMPTY: Readonly<Record<string, number>> = {
  argmax: -1,
  gumbelMax: -1,
  categorical: -1,
  exponentialRace: -1,
  gumbelTopK: -1,
  logSumExp: -Infinity,
};

/** One of the rows, alone. */
interface Row {
  readonly n: number;
  readonly temperature: number;
  readonly key: unknown;
  readonly arrays: Case['arrays'];
  readonly ignored: boolean;
  /** Nothing but -Infinity. */
  readonly masked: boolean;
}

/** The rows of a call, how they lie, and the options that say so. */
interface Plan {
  readonly c: Case;
  readonly rows: readonly Row[];
  readonly arrays: Partial<Record<Data, Numbers>>;
  readonly offsets: Int32Array | undefined;
  readonly stride: number;
  readonly source: unknown;
  readonly temperature: Numbers | undefined;
  readonly options: Record<string, unknown>;
  readonly what: string;
}

const typeOf = (array: Numbers) => Object.getPrototypeOf(array).constructor as Float32ArrayConstructor;

function joined(parts: readonly Numbers[]): Numbers {
  const all = new (typeOf(parts[0]!))(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part as Float32Array, at);
    at += part.length;
  }
  return all;
}

/** Rows of n one behind the other as rows whose elements lie so far apart. */
function apart(values: Numbers, n: number, stride: number): Numbers {
  if (stride === 1) return values;
  const all = new (typeOf(values))(values.length);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / n);
    all[(Math.floor(row / stride) * n + (i % n)) * stride + (row % stride)] = values[i]!;
  }
  return all;
}

/** Lengths that add up to so many elements, some of them 0. */
function lengthsOf(total: number, random: Random): number[] {
  const lengths: number[] = [];
  for (let left = total; left > 0;) {
    const n = random.chance(0.15) ? 0 : lengths.length > 8 ? left : 1 + random.below(Math.min(left, random.pick([3, 40, left]))); // prettier-ignore
    lengths.push(n);
    left -= n;
    // several of one length in a run
    if (n > 0 && left >= n && random.chance(0.3)) {
      lengths.push(n);
      left -= n;
    }
  }
  if (random.chance(0.2)) lengths.push(0);
  return lengths;
}

const isDrawn = ({ op }: Case): boolean => op.slots.includes('source');

function planOf(c: Case, library: Library): Plan {
  const { random, op, dtype, k } = c,
    what: string[] = [];
  const ragged = c.name !== 'topK' && random.chance(0.5),
    some = Math.min(c.rows, random.chance(0.05) ? 4 * Math.ceil(20_000 / c.n) : 12),
    lengths = ragged ? lengthsOf(some * c.n, random) : Array.from({ length: some }, () => c.n);
  if (ragged) what.push(`lengths ${lengths}`);
  const strides = [2, 3, some].filter((s) => some % s === 0);
  const stride = !ragged && strides.length > 0 && random.chance(0.5) ? random.pick(strides) : 1;
  if (stride > 1) what.push(`stride ${stride}`);
  const temperatures = op.options.includes('temperature') && random.chance(0.5)
    ? makeFloats(dtype, lengths.length).map(() => temperatureOf(c, random))
    : undefined; // prettier-ignore
  if (temperatures) what.push(`temperatures ${temperatures}`);
  const drawn = isDrawn(c),
    root = library.key(c.seed),
    ids = Int32Array.from(lengths, () => random.below(2 ** 31));
  let source: unknown = root,
    keys: unknown[] | undefined;
  // rows that share a key have the noise of their place
  if (drawn) {
    const way = random.below(3);
    keys = Array.from(ids, (id, r) => library.foldIn(root, way === 0 ? r : id));
    source = way === 0 ? library.perRow(root) : way === 1 ? library.perRow(root, ids) : keys;
    what.push(['perRow(key)', 'perRow(key, ids)', 'Key[]'][way]!);
  }
  const empty = MAXES.test(c.name) && random.chance(0.4),
    isLoss = /\.(loss|lossGradient|loss\.vjp)$/.test(c.name) && c.arrays.target instanceof Int32Array;
  if (empty) what.push('empty zero');
  const starts = [0];
  for (const n of lengths) starts.push(starts.at(-1)! + n);
  const raw = lengths.map((n, r) => {
    const arrays: Partial<Record<Data, Numbers>> = {};
    for (const slot of op.slots) {
      if (!isData(slot)) continue;
      const given = c.arrays[slot]!;
      if (slot === 'target' && given instanceof Int32Array)
        arrays.target = n === 0 ? new Int32Array(1) : indexOf(n, random);
      else if (slot === 'ranking') arrays.ranking = n === 0 ? new Int32Array(k).fill(-1) : rankingOf(1, n, k, random);
      else if (slot === 'gradientPerRow') arrays[slot] = valuesOf(slot, dtype, 1, n, random);
      else arrays[slot] = given.slice(starts[r], starts[r + 1]);
    }
    if (empty && random.chance(0.3)) arrays[op.slots[0] as Data]!.fill(c.name.includes('.') ? 0 : -Infinity);
    return arrays;
  });
  const ignoreIndex = isLoss && random.chance(0.6) ? (random.pick(raw).target?.[0] ?? 0) : undefined;
  if (ignoreIndex !== undefined) what.push(`ignoreIndex ${ignoreIndex}`);
  const rows = raw.map((arrays, r): Row => {
    const x = arrays[op.slots[0] as Data];
    return {
      n: lengths[r]!,
      temperature: temperatures ? temperatures[r]! : c.temperature,
      key: keys?.[r] ?? root,
      arrays,
      ignored: ignoreIndex !== undefined && arrays.target![0] === ignoreIndex,
      masked: empty && !c.name.includes('.') && (x as Float64Array).every((v) => v === -Infinity),
    };
  });
  const arrays = Object.fromEntries(
    Object.keys(raw[0]!).map((slot) => {
      const values = joined(raw.map((row) => row[slot as Data]!)),
        perRow = slot === 'gradientPerRow' || slot === 'ranking' || (slot === 'target' && values instanceof Int32Array);
      return [slot, perRow ? values : apart(values, c.n, stride)];
    }),
  );
  const options = {
    ...optionsOf(library, c, undefined),
    ...(temperatures && { temperature: temperatures }),
    ...(stride > 1 && { stride }),
    ...(empty && { empty: 'zero' }),
    ...(ignoreIndex !== undefined && { ignoreIndex }),
  };
  const offsets = ragged ? Int32Array.from(starts) : undefined;
  return { c, rows, arrays, offsets, stride, source, temperature: temperatures, options, what: what.join(', ') };
}

/** A class of a row, now and then one that is none. */
const indexOf = (n: number, random: Random): Int32Array =>
  Int32Array.of(random.chance(0.03) ? random.pick([-1, n]) : random.below(Math.min(n, 3)));

/** Calls an op on arrays of a case. */
function result(
  library: Library,
  c: Case,
  arrays: Case['arrays'],
  n: unknown,
  source: unknown,
  options: object,
): Library {
  const beside = { source, n, k: c.k, length: 0 };
  return functionOf(library, c)(...c.op.slots.map((slot) => (isData(slot) ? arrays[slot] : beside[slot])), options);
}

/** Whether a result has a value for each element of a row. */
const wide = (name: string, { op }: Case): boolean =>
  op.gives === 'record' ? name !== 'temperature' : op.gives === 'like';

/** What the rows give, each alone; a message if the formula says otherwise. */
function expectedOf({ c, rows, stride }: Plan, library: Library): Output {
  const { out: _, ...plain } = optionsOf(library, c, undefined);
  const single = rows.map(({ n, temperature, key, arrays, ignored, masked }) => {
    if (n === 0) return undefined;
    const options = { ...plain, ...(c.op.options.includes('temperature') && { temperature }) };
    const given = result(library, c, arrays, n < c.k ? Int32Array.of(0, n) : n, key, options),
      named = ArrayBuffer.isView(given) ? { all: given as unknown as Numbers } : (given as Record<string, Numbers>);
    const copies = Object.entries(named).map(([name, values]) => [name, values.slice()] as const);
    const failure = referenceFailure(
      { ...c, rows: 1, n, temperature, arrays, key },
      copies.map(([, v]) => v),
      library,
    );
    if (failure !== undefined) throw new Error(`a row of ${n} alone, T ${temperature}: ${failure}`);
    if (ignored || masked) for (const [, values] of copies) values.fill(0);
    return copies;
  });
  const shape = single.find((row) => row !== undefined)!;
  return shape.map(([name, like], i) => {
    const isWide = wide(name, c);
    const nothing = isWide ? 0 : like.length;
    const values = joined(single.map((row) => row?.[i]![1] ?? new (typeOf(like))(nothing).fill(EMPTY[c.name] ?? 0)));
    return isWide ? apart(values, c.n, stride) : values;
  });
}

function same(actual: Output, expected: Output, what: string): void {
  expected.forEach((array, i) => {
    const differs = difference(actual[i]!, array);
    if (differs !== undefined) throw new Error(`${what}: ${differs} of result ${i}`);
  });
}

/** Arrays of the call at other places, the offsets, the temperatures and the result too. */
function placed(plan: Plan, library: Library, backend: string, expected: Output): void {
  const { c, arrays, offsets, temperature, options, source, what } = plan,
    names = Object.keys(PLACEMENTS),
    used: string[] = [];
  library.init({ backend });
  const place = (array: Numbers) => {
    const name = c.random.pick(names);
    used.push(name);
    return PLACEMENTS[name]!(array, library, c.random);
  };
  const inputs = Object.entries(arrays).map(([name, array]) => [name, place(array)] as const),
    n = offsets && place(offsets),
    t = temperature && place(temperature),
    fresh = c.op.gives === 'record' ? undefined : expected[0]!.slice().fill(7),
    out = fresh && c.random.chance(0.7) ? place(fresh) : undefined;
  const got = result(
    library,
    c,
    Object.fromEntries(inputs.map(([name, { give }]) => [name, give()])) as Case['arrays'],
    n?.give() ?? c.n,
    source,
    { ...options, ...(t && { temperature: t.give() }), ...(out && { out: out.give() }) },
  );
  same(out ? [out.read()] : outputOf(got), expected, `${what}, ${used.join(', ')} on ${backend}`);
  for (const { free } of [...inputs.map(([, of]) => of), ...[n, t, out].filter((of) => of !== undefined)]) free?.();
  library.init({ backend: 'wasm' });
}

export const DIFFERING: Check = {
  name: 'rows that differ',
  share: 0.4,
  applies: (c) => c.op.slots.includes('n') && c.rows > 0,
  async run(c, _, { library, pool, module, base }: Bench) {
    const plan = planOf(c, library),
      { arrays, offsets, options, source, what } = plan;
    if (what === '') return;
    const n = offsets ?? c.n,
      expected = expectedOf(plan, library);
    same(outputOf(result(library, c, arrays, n, source, options)), expected, what);
    if (c.random.chance(0.4)) {
      library.init({ backend: 'js' });
      same(outputOf(result(library, c, arrays, n, source, options)), expected, `${what} on JS`);
      library.init({ backend: 'wasm' });
    }
    if (c.random.chance(0.4)) placed(plan, library, c.random.pick(['wasm', 'wasm', 'js']), expected);
    if (c.random.chance(0.15)) {
      // a memory that has what this call takes and no more, full of NaN
      library.init({ backend: 'wasm', wasm: module });
      result(library, c, arrays, n, source, options);
      const guard = guardIn(library, base.wasm);
      same(outputOf(result(library, c, arrays, n, source, options)), expected, `${what} in a memory full of NaN`);
      guard();
    }
    if (c.random.chance(0.1)) {
      const later = { ...options },
        promise = result(pool, c, arrays, n, source, later);
      Object.assign(later, { temperature: 1e-3, stride: 77, empty: 'no', ignoreIndex: 1 });
      same(outputOf(await promise), expected, `${what} in the pool`);
    }
  },
};
