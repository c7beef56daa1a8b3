// Cloudflare Workers: wrangler dev, wrangler deploy.
import { handler } from './handler.js';

export default { fetch: handler };
