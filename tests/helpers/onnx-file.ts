/** Writes ONNX files by hand: one protobuf message, whose field numbers are those of onnx.proto. */

export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const INT64 = 7;

/** A part of the message, already encoded. */
export type Part = Uint8Array;

/** The operators' version that everything here is written for. */
const OPERATORS = 17;

/** A whole file: what is computed in order, the constants, what goes in and what comes out. */
export function onnxFile(graph: {
  nodes: readonly Part[];
  constants: readonly Part[];
  inputs: readonly Part[];
  outputs: readonly Part[];
}): Uint8Array {
  const body = message(
    ...graph.nodes.map((node) => field(1, node)),
    text(2, "parley-tests"),
    ...graph.constants.map((constant) => field(5, constant)),
    ...graph.inputs.map((input) => field(11, input)),
    ...graph.outputs.map((output) => field(12, output)),
  );
  const operators = message(text(1, ""), number(2, OPERATORS));
  return message(number(1, 8), text(2, "parley-tests"), field(7, body), field(8, operators));
}

/** One operator. Whole numbers and lists of them are attributes as they are. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, number | readonly number[]> = {},
): Part {
  return message(
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, `${operator} of ${outputs[0]}`),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
  );
}

/** `shape` of `[]` is a single number. */
export function constant(
  name: string,
  type: number,
  shape: readonly number[],
  values: ArrayBufferView,
): Part {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(...shape.map((size) => number(1, size)), number(2, type), text(8, name), field(9, bytes));
}

/** What goes in or comes out; sizes that differ from run to run are names. */
export function tensorInfo(name: string, type: number, shape: readonly (string | number)[]): Part {
  const sizes = shape.map((size) => field(1, typeof size === "string" ? text(2, size) : number(1, size)));
  const tensor = message(number(1, type), field(2, message(...sizes)));
  return message(text(1, name), field(2, message(field(1, tensor))));
}

/** Kinds of attributes: a whole number, a list of them. */
const INT = 2;
const INTS = 7;

function attribute(name: string, value: number | readonly number[]): Part {
  return typeof value === "number"
    ? message(text(1, name), number(3, value), number(20, INT))
    : message(text(1, name), ...value.map((each) => number(8, each)), number(20, INTS));
}

function message(...fields: readonly Part[]): Part {
  return new Uint8Array(Buffer.concat(fields));
}

function number(fieldNumber: number, value: number): Part {
  return message(variableLength(fieldNumber << 3), variableLength(value));
}

function text(fieldNumber: number, value: string): Part {
  return field(fieldNumber, new TextEncoder().encode(value));
}

function field(fieldNumber: number, bytes: Part): Part {
  return message(variableLength((fieldNumber << 3) | 2), variableLength(bytes.length), bytes);
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. Below zero, as 64 bits. */
function variableLength(value: number): Part {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.of(...bytes, Number(rest));
}
