/** What holds for every call: each check makes it another way and compares, or throws what is wrong. */
import {
  argumentsOf,
  call,
  type Case,
  functionOf,
  isData,
  type Library,
  optionsOf,
  outFor,
  type Output,
  outputOf,
} from './cases.ts';
import { PLACEMENTS } from './placements.ts';
import { referenceFailure } from './references.ts';
import { difference, type Numbers } from './values.ts';

/** The copies of the package that a run works with. */
export interface Bench {
  readonly library: Library;
  readonly pool: Library;
  /** The wasm of the package, compiled: with it `init` begins a memory anew. */
  readonly module: unknown;
  /** The first byte of the memory behind the constants, by backend. */
  readonly base: Readonly<Record<'wasm' | 'js', number>>;
}

export interface Check {
  readonly name: string;
  /** How often it is made, of the cases it applies to. */
  readonly share: number;
  readonly applies: (c: Case) => boolean;
  readonly run: (c: Case, expected: Output, bench: Bench) => void | Promise<void>;
}

function same(actual: Output, expected: Output, what: string): void {
  if (actual.length !== expected.length) throw new Error(`${what}: ${actual.length} arrays, not ${expected.length}`);
  actual.forEach((array, i) => {
    const differs = difference(array, expected[i]!);
    if (differs !== undefined) throw new Error(`${what}: ${differs}${actual.length > 1 ? ` of result ${i}` : ''}`);
  });
}

const always = (): boolean => true;
const isDrawn = ({ op }: Case): boolean => op.slots.includes('source');
const hasOut = ({ op }: Case): boolean => op.gives !== 'record';
const hasInput = ({ op }: Case): boolean => op.slots.some(isData);

/** Rows `from` to `to` of an array that has as many values per row as its length says. */
function rowsOf<A extends Numbers>(array: A, rows: number, from: number, to: number): A {
  const width = array.length / rows;
  return array.slice(from * width, to * width) as A;
}

function part(c: Case, from: number, to: number): Case {
  const arrays = Object.fromEntries(
    Object.entries(c.arrays).map(([name, array]) => [name, rowsOf(array, c.rows, from, to)]),
  );
  return { ...c, rows: to - from, arrays };
}

/** The memory of the backend in use, as an array resident there shows it. */
function memoryOf(library: Library): ArrayBuffer {
  const resident = library.alloc(Int32Array, 1),
    { buffer } = resident.view;
  resident.free();
  return buffer;
}

/** All bits set: NaN, whatever it is read as. */
const fillFrom = (buffer: ArrayBuffer, from: number, to: number): void =>
  void new Uint8Array(buffer, from, to - from).fill(0xff);

/** Fills a memory with NaN up to an array behind what calls have taken; what is given throws if they write there. */
export function guardIn(library: Library, from: number): () => void {
  const guard = library.alloc(Int32Array, 64),
    { buffer, byteOffset } = guard.view;
  guard.view.fill(0x5a5a5a5a);
  fillFrom(buffer, from, byteOffset);
  return () => {
    if (guard.view.some((v: number) => v !== 0x5a5a5a5a)) throw new Error('written behind the memory of the call');
    guard.free();
  };
}

export const CHECKS: readonly Check[] = [
  {
    name: 'JS gives the bits of wasm',
    share: 1,
    applies: always,
    run(c, expected, { library }) {
      library.init({ backend: 'js' });
      try {
        same(call(library, c, c), expected, 'on JS');
      } finally {
        library.init({ backend: 'wasm' });
      }
    },
  },
  {
    name: 'inputs are read, not written',
    share: 0.1,
    applies: hasInput,
    run(c, _, { library }) {
      const before = Object.values(c.arrays).map((array) => array.slice());
      call(library, c, c);
      same(Object.values(c.arrays), before, 'an input after the call');
    },
  },
  {
    name: 'other placements',
    share: 0.6,
    applies: hasInput,
    run(c, expected, { library }) {
      for (const backend of ['wasm', 'js']) {
        if (backend === 'js' && !c.random.chance(0.3)) continue;
        library.init({ backend });
        const names = Object.keys(PLACEMENTS);
        const used: string[] = [];
        const place = (array: Numbers) => {
          const name = c.random.pick(names);
          used.push(name);
          return PLACEMENTS[name]!(array, library, c.random);
        };
        const inputs = Object.entries(c.arrays).map(([name, array]) => [name, place(array)] as const);
        const fresh = c.random.chance(0.5) ? outFor(c) : undefined,
          out = fresh && place(fresh);
        const arrays = Object.fromEntries(inputs.map(([name, { give }]) => [name, give()])) as Case['arrays'];
        const output = call(library, c, { arrays, out: out?.give() });
        same(out ? [out.read()] : output, expected, `${used.join(', ')} on ${backend}`);
        for (const { free } of [...inputs.map(([, placed]) => placed), ...(out ? [out] : [])]) free?.();
      }
      library.init({ backend: 'wasm' });
    },
  },
  {
    name: 'out is an input, or overlaps it',
    share: 0.4,
    applies: (c) => c.op.gives === 'like' && hasInput(c),
    run(c, expected, { library }) {
      const slot = c.random.pick(
        c.op.slots
          .filter(isData)
          .filter((name) => c.arrays[name]!.length === expected[0]!.length && !(c.arrays[name] instanceof Int32Array)),
      );
      if (slot === undefined) return;
      const input = c.arrays[slot]!,
        shift = c.random.pick([0, 0, 1, c.n, -1, 3]);
      const type = input.constructor as Float32ArrayConstructor;
      const buffer = new ArrayBuffer((input.length + Math.abs(shift)) * input.BYTES_PER_ELEMENT);
      const at = (elements: number) => new type(buffer, elements * input.BYTES_PER_ELEMENT, input.length);
      const [x, out] = [at(Math.max(0, -shift)), at(Math.max(0, shift))];
      x.set(input as Float32Array);
      call(library, c, { arrays: { ...c.arrays, [slot]: x }, out });
      same([out], expected, `out ${shift} elements behind ${slot}`);
    },
  },
  {
    name: 'a part of the rows gives a part of the result',
    share: 0.5,
    applies: (c) => c.rows > 1 && hasInput(c),
    run(c, expected, { library }) {
      // noise is laid out from the first row on
      const from = isDrawn(c) ? 0 : c.random.below(c.rows),
        to = isDrawn(c) || c.random.chance(0.5) ? from + 1 + c.random.below(c.rows - from) : from + 1;
      const piece = part(c, from, to);
      const wanted = expected.map((array) => rowsOf(array, c.rows, from, to));
      same(call(library, piece, piece), wanted, `rows ${from} to ${to} alone`);
    },
  },
  {
    name: 'an Rng draws with its next key',
    share: 0.2,
    applies: isDrawn,
    run(c, _, { library }) {
      const [rng, twin] = [new library.Rng(c.seed), new library.Rng(c.seed)];
      for (let i = 0; i < 3; i++) {
        const output = call(library, c, { arrays: c.arrays, source: rng });
        same(output, call(library, c, { arrays: c.arrays, source: twin.next() }), `draw ${i} of an Rng`);
      }
    },
  },
  {
    name: 'memory full of NaN, and a guard behind what the call takes',
    share: 0.15,
    applies: always,
    run(c, expected, { library, module, base }) {
      library.init({ backend: 'wasm', wasm: module });
      call(library, c, c);
      const check = guardIn(library, base.wasm);
      same(call(library, c, c), expected, 'in a memory full of NaN');
      check();
    },
  },
  {
    name: 'memory full of NaN on JS',
    share: 0.05,
    applies: always,
    run(c, expected, { library, base }) {
      library.init({ backend: 'js' });
      const buffer = memoryOf(library);
      fillFrom(buffer, base.js, buffer.byteLength);
      same(call(library, c, c), expected, 'in a JS memory full of NaN');
      library.init({ backend: 'wasm' });
    },
  },
  {
    name: 'the pool, with options that change after the call',
    share: 0.08,
    applies: always,
    async run(c, expected, { library, pool }) {
      const out = c.random.chance(0.5) && hasOut(c) && c.op.gives !== 'noise' ? outFor(c) : undefined;
      const args = argumentsOf(library, c, { arrays: c.arrays, out });
      const options = c.name === 'random.bits' ? {} : (args.at(-1) as Record<string, unknown>);
      if (c.random.chance(0.3) && c.name !== 'random.bits') args[args.length - 1] = getters(options);
      const promise = functionOf(pool, c)(...args);
      Object.assign(options, { temperature: 1e-3, draws: 77, max: library.sparsemax });
      same(outputOf(await promise), expected, 'in the pool');
    },
  },
  {
    name: 'options from getters of a class',
    share: 0.1,
    applies: (c) => c.name !== 'random.bits',
    run(c, expected, { library }) {
      const args = argumentsOf(library, c, { arrays: c.arrays });
      args[args.length - 1] = getters(optionsOf(library, c, undefined));
      same(outputOf(functionOf(library, c)(...args)), expected, 'by getters');
    },
  },
  {
    name: 'an independent formula',
    share: 1,
    applies: always,
    run(c, expected, { library }) {
      const failure = referenceFailure(c, expected, library);
      if (failure !== undefined) throw new Error(failure);
    },
  },
];

/** The same options, each a getter of a class, read once at most. */
function getters(options: object): object {
  const asked = new Set<string>();
  class Options {}
  for (const [name, value] of Object.entries(options)) {
    const get = (): unknown => {
      if (asked.has(name)) throw new Error(`option ${name} has been read twice`);
      asked.add(name);
      return value;
    };
    Object.defineProperty(Options.prototype, name, { get, enumerable: true });
  }
  return new Options();
}
