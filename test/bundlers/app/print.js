import { report } from './report.js';

console.log(report());
