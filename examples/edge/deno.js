// deno run --allow-net --allow-env=PORT deno.js
import { handler } from './handler.js';

Deno.serve({ hostname: '127.0.0.1', port: Number(Deno.env.get('PORT') ?? 8787) }, handler);
