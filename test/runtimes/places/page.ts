/** A browser's page: posts the report to the server; from page.html its own, from worker.html that of a worker. */
import * as anymax from 'anymax';
import { observed } from './observed.ts';

function post(body: string): void {
  void fetch('report', { method: 'POST', body });
}

if (location.pathname.endsWith('worker.html')) {
  const worker = new Worker('worker.js', { type: 'module' });
  worker.addEventListener('message', ({ data }) => post(data));
  worker.addEventListener('error', ({ message }) => post(message ?? 'the worker did not start'));
} else {
  observed(anymax).then(post, (error) => post(String(error)));
}
