/** workerd: all of it in the handler. */
import * as anymax from 'anymax';
import { conformance } from '../conformance.ts';

export default {
  fetch: (): Response => new Response(JSON.stringify(conformance(anymax))),
};
