// CommonJS: require() of a module without top-level await, Node >= 20.19.
import anymax = require('anymax');

export const p: Float32Array = anymax.softmax(new Float32Array(12), 4);
