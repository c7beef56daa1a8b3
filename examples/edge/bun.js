// bun bun.js
import { handler } from './handler.js';

Bun.serve({ hostname: '127.0.0.1', port: Number(process.env.PORT ?? 8787), fetch: handler });
