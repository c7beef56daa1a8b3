import { report } from './report.js';

export default {
  fetch: () => new Response(report()),
};
