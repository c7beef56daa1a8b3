// Requests as bytes: what no client of HTTP would send.
import { connect } from 'node:net';

/**
 * The status that a server answers to these bytes, whether it reads all of them or not. One that closes while bytes are on
 * their way may lose its answer with them (RFC 9112, 9.6): such a request is sent again.
 */
export async function statusOf(origin, bytes, attempts = 5) {
  try {
    return await answerTo(origin, bytes);
  } catch (error) {
    if (attempts > 1 && ['EPIPE', 'ECONNRESET'].includes(error.code)) return statusOf(origin, bytes, attempts - 1);
    throw error;
  }
}

/** Bytes that are written before the answer is waited for: a server may give it before it has read all. */
const PIECE = 65536;
/** Milliseconds of that wait. */
const PAUSE = 5;

function answerTo(origin, bytes) {
  const { hostname, port } = new URL(origin);
  const data = Buffer.from(bytes);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => write(0));
    const write = (from) => {
      if (from >= data.length || socket.destroyed) return;
      socket.write(data.subarray(from, from + PIECE), () => setTimeout(write, PAUSE, from + PIECE));
    };
    let answer = '';
    socket.setTimeout(10_000, () => reject(new Error('no answer in 10 s')));
    socket.on('data', (part) => {
      const status = /^HTTP\/1\.1 (?!100)(\d+)/m.exec((answer += part))?.[1];
      if (status === undefined) return;
      socket.destroy();
      resolve(Number(status));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
  });
}
