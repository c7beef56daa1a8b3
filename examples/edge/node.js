// node node.js
import { createServer } from 'node:http';
import { handler } from './handler.js';

const server = createServer(async (incoming, outgoing) => {
  try {
    const response = await handler(requestOf(incoming));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  } catch (error) {
    console.error(error);
    outgoing.writeHead(500).end();
  }
  incoming.resume(); // what the handler has not read is thrown away, so that the client gets to read the answer
});
server.requestTimeout = 10_000; // milliseconds for a whole request
server.listen(Number(process.env.PORT ?? 8787), '127.0.0.1');

/**
 * @param {import('node:http').IncomingMessage} incoming
 */
function requestOf(incoming) {
  const { method, url, headers } = incoming;
  const body = method === 'GET' || method === 'HEAD' ? null : incoming.iterator({ destroyOnReturn: false });
  const length = headers['content-length'] ?? '';
  return new Request(`http://localhost${url}`, { method, headers: { 'content-length': length }, body, duplex: 'half' });
}
