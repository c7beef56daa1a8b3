/**
 * The bytes of small ONNX models: protocol buffers (onnx.proto3), as far as a chain of nodes on one float matrix needs
 * them. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

/** @param {number} value */
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** A number, a string or bytes as field `field` of a message. @param {number} field @param {number | string | number[]} value */
function put(field, value) {
  if (typeof value === 'number') return [...varint(field * 8), ...varint(value)];
  const bytes = typeof value === 'string' ? [...Buffer.from(value)] : value;
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

const INT = 2;
const INTS = 7;
const OPSET = 17;
export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;

/** AttributeProto: integers only. @param {[string, number | number[]]} attribute */
function attribute([name, value]) {
  const values = Array.isArray(value)
    ? [...value.flatMap((i) => put(8, i)), ...put(20, INTS)]
    : [...put(3, value), ...put(20, INT)];
  return put(5, [...put(1, name), ...values]);
}

/** NodeProto. @param {string[]} inputs @param {string} output @param {string} type @param {Record<string, number | number[]>} attributes */
function node(inputs, output, type, attributes) {
  const from = inputs.flatMap((name) => put(1, name));
  return put(1, [...from, ...put(2, output), ...put(4, type), ...Object.entries(attributes).flatMap(attribute)]);
}

/** ValueInfoProto: a tensor of a type, its dimensions named. @param {number} field @param {string} name @param {number} type @param {string[]} dims */
function value(field, name, type, dims) {
  const shape = dims.flatMap((dim) => put(1, put(2, dim)));
  return put(field, [...put(1, name), ...put(2, put(1, [...put(1, type), ...put(2, shape)]))]);
}

/**
 * A model from `x`, a float matrix, to `y`. A node is [type, attributes, inputs]; without inputs it takes the one before.
 * @param {[type: string, attributes?: Record<string, number | number[]>, inputs?: string[]][]} nodes
 * @param {{ type?: number, dims?: string[] }} [output]
 */
export function model(nodes, { type = FLOAT, dims = ['rows', 'n'] } = {}) {
  const name = (i) => (i < 0 ? 'x' : i === nodes.length - 1 ? 'y' : `t${i}`);
  const body = nodes.flatMap(([kind, attributes = {}, inputs], i) =>
    node(inputs ?? [name(i - 1)], name(i), kind, attributes),
  );
  const graph = [...body, ...put(2, 'one'), ...value(11, 'x', FLOAT, ['rows', 'n']), ...value(12, 'y', type, dims)];
  return Uint8Array.from([...put(1, 8), ...put(7, graph), ...put(8, [...put(1, ''), ...put(2, OPSET)])]);
}
