import { report } from './report.js';

// ?to=ADDRESS: where the report is sent.
void fetch(new URLSearchParams(location.search).get('to'), { method: 'POST', mode: 'no-cors', body: report() });
