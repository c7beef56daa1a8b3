/** Bundled as a script for a vm context that may not compile code: its value is the report. */
import * as anymax from 'anymax';
import { conformance } from '../conformance.ts';

export const text: string = JSON.stringify(conformance(anymax));
