// First here, as this module is in index.ts: gzip does best with the wasm at the head of a bundle, then the mirror. Measured: in
// other places 0.4 to 2.4 kB more; brotli is the same everywhere.
import { wasmModule } from './wasm/embedded.ts';
import { jsBackend } from './js.ts';
import { backendError, checkChoice, checkOptions } from './check.ts';
import { Engine } from './engine.ts';
import type { Extension } from './kernels.ts';
import { attempt, backendOf, instanceOf, kernelNames, wasmBackend } from './wasm.ts';

/** The options of `init`. */
export interface InitOptions {
  /** 'auto' takes wasm where it can be had and JS elsewhere; 'wasm' throws where it cannot. */
  readonly backend?: 'auto' | 'wasm' | 'js' | undefined;
  /**
   * anymax/anymax.wasm, instead of the copy inside the package: a compiled WebAssembly.Module, a WebAssembly.Instance, or its
   * bytes. An instance is for places that refuse to compile or instantiate synchronously. Nothing else may use its memory.
   *
   * @example
   * const { instance } = await WebAssembly.instantiateStreaming(fetch('/anymax.wasm'));
   * init({ wasm: instance });
   *
   * @example
   * init({ wasm: await WebAssembly.compileStreaming(fetch('/anymax.wasm')) });
   */
  readonly wasm?: object | undefined;
}

/** The engines of instances given to `init`: a second one in the same memory would overwrite what lives there. */
const engines = new WeakMap<object, Engine>();

// One engine for each backend, made on first use; wasm is tried once, since a page reports each refused attempt.
let js: Engine | undefined;
let wasm: Engine | Error | undefined;
let current: Engine | undefined;
let fellBack: Error | undefined;

/**
 * Chooses the backend; without it the first call chooses 'auto'. Results are the same bits on both. May be called again.
 *
 * @param options `backend` ('auto' if absent), and `wasm` in place of the copy inside the package.
 * @throws RangeError for an unknown backend and for `wasm` that is not the anymax.wasm of this version; TypeError for `wasm` of
 *   another kind; Error for backend 'wasm' where it cannot be had, with the reason as `cause`.
 * @example
 * init(); // takes the time of the first call now
 */
export function init(options: InitOptions = {}): void {
  checkOptions(options, ['backend', 'wasm']);
  const choice = checkChoice('backend', options.backend, ['auto', 'wasm', 'js']);
  const given = options.wasm === undefined ? undefined : givenEngine(options.wasm);
  if (given instanceof Engine) wasm = given;
  if (choice === 'js') {
    use((js ??= new Engine(jsBackend())));
    return;
  }
  const found = given ?? (wasm ??= attempt(() => new Engine(wasmBackend(wasmModule(kernelNames(jsBackend()))))));
  if (found instanceof Engine) use(found);
  else if (choice === 'wasm') throw backendError(found);
  else use((js ??= new Engine(jsBackend())), found);
}

/**
 * The backend in use.
 *
 * @returns 'wasm' or 'js'.
 * @example
 * backend() === 'wasm'; // true
 */
export function backend(): 'wasm' | 'js' {
  return engine().backend.name;
}

/**
 * Why 'auto' fell back to JavaScript.
 *
 * @returns The error that was caught; undefined where wasm is in use, or was not tried.
 * @example
 * fallbackReason() === undefined; // true
 */
export function fallbackReason(): Error | undefined {
  engine();
  return fellBack;
}

/** The engine of the backend in use. One whose memory was transferred away, which only that of JS can be, begins anew. */
export function engine(): Engine {
  // so small that V8 puts it where it is called
  return current === undefined || current === js ? checked() : current;
}

function checked(): Engine {
  if (current === undefined) init();
  else if (current.memory.lost) current = js = new Engine(jsBackend());
  return current!;
}

/** The engine of the backend in use; that of JS where an extension that an op needs has no wasm. */
export function engineOf(extension: Extension | undefined): Engine {
  const now = engine();
  if (extension === undefined || !(now.extend(extension) instanceof Error)) return now;
  if (js === undefined || js.memory.lost) js = new Engine(jsBackend());
  return js;
}

function use(chosen: Engine, reason?: Error): void {
  current = chosen;
  fellBack = reason;
}

/** The engine of what `init` was given. */
function givenEngine(wasm: object): Engine | Error {
  const instance = instanceOf(wasm);
  if (instance instanceof Error) return instance;
  let made = engines.get(instance);
  if (made === undefined) engines.set(instance, (made = new Engine(backendOf(instance.exports))));
  return made;
}
