/**
 * The bytes of an ONNX model, written by hand: protocol buffers (onnx.proto3), as far as tables, nodes and two integers need
 * them. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const [IR_VERSION, OPSET] = [8, 17];
const BYTES = 2; // the wire type of what has a length
export const TYPES = { float32: 1, uint8: 2, int64: 7, float16: 10 };

/** @param {number} value */
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

/** A number, a string or bytes as field `field` of a message. @param {number} field @param {number | string | Uint8Array} value */
function put(field, value) {
  if (typeof value === 'number') return Buffer.concat([varint(field * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + BYTES), varint(bytes.length), bytes]);
}

/** A message of its fields. @param {Buffer[]} fields */
const message = (...fields) => Buffer.concat(fields);

/** TensorProto: a constant, by the bytes of its array. */
export const constant = (name, array, dims = [array.length]) => {
  const type = { Uint8Array: TYPES.uint8, Float32Array: TYPES.float32, BigInt64Array: TYPES.int64 }[
    array.constructor.name
  ];
  const raw = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return message(...dims.map((dim) => put(1, dim)), put(2, type), put(8, name), put(9, raw));
};

/** NodeProto; an attribute is an integer. */
export function node(type, inputs, output, attributes = {}) {
  const INT = 2;
  const list = Object.entries(attributes).map(([name, value]) =>
    put(5, message(put(1, name), put(3, value), put(20, INT))),
  );
  return message(...inputs.map((name) => put(1, name)), put(2, output), put(4, type), ...list);
}

/** ValueInfoProto: a tensor; a dimension is a number or a name. */
export function tensor(name, type, dims) {
  const shape = message(...dims.map((dim) => put(1, put(typeof dim === 'number' ? 1 : 2, dim))));
  return message(put(1, name), put(2, put(1, message(put(1, type), put(2, shape)))));
}

/** ModelProto with one graph. @param {Record<'nodes' | 'constants' | 'inputs' | 'outputs', Buffer[]>} parts */
export function model({ nodes, constants, inputs, outputs }) {
  const graph = message(
    ...nodes.map((bytes) => put(1, bytes)),
    put(2, 'graph'),
    ...constants.map((bytes) => put(5, bytes)),
    ...inputs.map((bytes) => put(11, bytes)),
    ...outputs.map((bytes) => put(12, bytes)),
  );
  return message(put(1, IR_VERSION), put(7, graph), put(8, message(put(1, ''), put(2, OPSET))));
}
