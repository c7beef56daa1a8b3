/** Node, Deno and Bun: prints the report, made here or (argument "worker") in a worker. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as anymax from 'anymax';
import { conformance } from '../conformance.ts';

const print = (text: string): unknown => process.stdout.write(text);

if (!isMainThread) {
  parentPort!.postMessage(JSON.stringify(conformance(anymax)));
} else if (process.argv[2] === 'worker') {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', print);
  worker.on('error', (error) => print(String(error)));
} else {
  print(JSON.stringify(conformance(anymax)));
}
