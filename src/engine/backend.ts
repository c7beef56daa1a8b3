// first here, as this module is in index.ts: a bundle with the two copies of the mirror at its head gzips 0.2 KB smaller
import { jsBackend } from './js.ts';
import { Arena } from './arena.ts';
import { backendError, checkChoice, checkOptions } from './check.ts';
import { wasmModule } from './module.ts';
import { wasmBackend } from './wasm.ts';

/** What `init` chooses from. */
export interface InitOptions {
  /** 'auto' takes wasm where it can be had and JS elsewhere; 'wasm' throws where it cannot. */
  readonly backend?: 'auto' | 'wasm' | 'js';
  /** A compiled WebAssembly.Module of anymax/anymax.wasm, or its bytes, instead of the copy inside the package. */
  readonly wasm?: object;
}

// One arena for each backend, made on first use; wasm is tried once, since a page reports each refused attempt.
let js: Arena | undefined;
let wasm: Arena | Error | undefined;
let current: Arena | undefined;
let fellBack: Error | undefined;

/**
 * Chooses the backend; without it the first call chooses 'auto'. Results are the same bits on both. May be called again.
 *
 * Errors: an unknown backend is a RangeError; backend 'wasm' where it cannot be had an Error that says why (as `cause`).
 */
export function init(options: InitOptions = {}): void {
  checkOptions(options, ['backend', 'wasm']);
  const choice = checkChoice('backend', options.backend, ['auto', 'wasm', 'js']);
  const given = options.wasm === undefined ? undefined : tryWasm(() => moduleOf(options.wasm!));
  if (given instanceof Arena) wasm = given;
  if (choice === 'js') {
    use((js ??= new Arena(jsBackend())));
    return;
  }
  const found = given ?? (wasm ??= tryWasm(wasmModule));
  if (found instanceof Arena) use(found);
  else if (choice === 'wasm') throw backendError(found);
  else use((js ??= new Arena(jsBackend())), found);
}

/** The backend in use: 'wasm' or 'js'. */
export function backend(): 'wasm' | 'js' {
  return arena().backend.name;
}

/** Why 'auto' fell back to JS; undefined where it did not. */
export function fallbackReason(): Error | undefined {
  arena();
  return fellBack;
}

/** The arena of the backend in use. */
export function arena(): Arena {
  if (current === undefined) init();
  return current!;
}

function use(chosen: Arena, reason?: Error): void {
  current = chosen;
  fellBack = reason;
}

function tryWasm(module: () => WebAssembly.Module): Arena | Error {
  try {
    return new Arena(wasmBackend(module()));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A module as it is (recognised by its tag: it may be of another realm), bytes compiled. */
function moduleOf(wasm: object): WebAssembly.Module {
  const isModule = Object.prototype.toString.call(wasm) === '[object WebAssembly.Module]';
  return isModule ? (wasm as WebAssembly.Module) : new WebAssembly.Module(wasm as BufferSource);
}
