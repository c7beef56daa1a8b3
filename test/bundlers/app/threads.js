import { key, random, softmax } from 'anymax';
import { pool } from 'anymax/threads';

const x = random.normal(key(1), 50_000);
const two = await pool({ threads: 2 });
const [expected, actual] = [softmax(x, 5), await two.softmax(x, 5)];
const same = expected.every((value, i) => Object.is(value, actual[i]));
const report = JSON.stringify({ threads: two.threads, reason: String(two.reason), same });
// ?to=ADDRESS: where the report is sent.
void fetch(new URLSearchParams(location.search).get('to'), { method: 'POST', mode: 'no-cors', body: report });
