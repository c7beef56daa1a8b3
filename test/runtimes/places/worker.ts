/** A browser's worker: sends the report to its page, with the number of times that its CSP was violated. */
import * as anymax from 'anymax';
import { observed } from './observed.ts';

const scope = globalThis as unknown as { postMessage(text: string): void };
observed(anymax).then((text) => scope.postMessage(text));
