/**
 * A text encoder of MiniLM's shape with random weights: it computes as much as a trained one and means nothing.
 * So throughput can be measured where there is no trained model.
 */
import { constant, FLOAT, INT8, INT64, node, onnxFile, type Part, tensorInfo } from "../helpers/onnx-file.ts";

const WIDTH = 384;
const HEADS = 12;
const FORWARD = 4 * WIDTH;
const POSITIONS = 512;

export type EncoderShape = {
  layers: number;
  vocabulary: number;
  /** `int8` as ONNX Runtime's dynamic quantisation makes it: weights of 8 bits, activations as they come. */
  precision: "fp32" | "int8";
  /** Vectors of all tokens, or one number for a pair of texts. */
  gives: "vectors" | "score";
};

export function randomEncoder({ layers, vocabulary, precision, gives }: EncoderShape): Uint8Array {
  const graph = newGraph();
  const linear = precision === "int8" ? quantisedLinear(graph) : plainLinear(graph);
  let tokens = embedded(graph, vocabulary);
  const mask = attentionMask(graph);
  for (let layer = 0; layer < layers; layer++) tokens = encoderLayer(graph, linear, tokens, mask);
  if (gives === "vectors") graph.name(tokens, "last_hidden_state");
  else graph.name(linear(firstToken(graph, tokens), WIDTH, 1), "logits");
  const output = gives === "vectors" ? ["batch", "tokens", WIDTH] : ["batch", 1];
  return onnxFile({
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) =>
      tensorInfo(name, INT64, ["batch", "tokens"]),
    ),
    outputs: [tensorInfo(gives === "vectors" ? "last_hidden_state" : "logits", FLOAT, output)],
  });
}

type Linear = (input: string, from: number, to: number) => string;
type Graph = ReturnType<typeof newGraph>;

/** Collects operators and constants under names of its own. */
function newGraph() {
  const nodes: Part[] = [];
  const constants: Part[] = [];
  const random = randomNumbers();
  let names = 0;
  const newName = () => `value-${names++}`;
  return {
    ...{ nodes, constants, random },
    name: (value: string, name: string) => void nodes.push(node("Identity", [value], [name])),
    /** The operator's first output. */
    add(operator: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}): string {
      const output = newName();
      nodes.push(node(operator, inputs, [output], attributes));
      return output;
    },
    /** All outputs of an operator that has several. */
    addMany(operator: string, inputs: readonly string[], count: number): string[] {
      const outputs = Array.from({ length: count }, newName);
      nodes.push(node(operator, inputs, outputs));
      return outputs;
    },
    whole(values: readonly number[], shape = [values.length]): string {
      const name = newName();
      constants.push(constant(name, INT64, shape, BigInt64Array.from(values, BigInt)));
      return name;
    },
    float(value: number): string {
      const name = newName();
      constants.push(constant(name, FLOAT, [], Float32Array.of(value)));
      return name;
    },
    /** Random numbers about `mean`. */
    weights(shape: readonly number[], spread: number, mean = 0): string {
      const name = newName();
      const count = shape.reduce((product, size) => product * size, 1);
      const values = Float32Array.from({ length: count }, () => mean + spread * random());
      constants.push(constant(name, FLOAT, shape, values));
      return name;
    },
    bytes(shape: readonly number[]): string {
      const name = newName();
      const count = shape.reduce((product, size) => product * size, 1);
      constants.push(
        constant(
          name,
          INT8,
          shape,
          Int8Array.from({ length: count }, () => 127 * random()),
        ),
      );
      return name;
    },
  };
}

/** The same sequence each time, from -1 to 1. */
function randomNumbers(): () => number {
  let state = 20_261_125;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function plainLinear(graph: Graph): Linear {
  return (input, from, to) =>
    graph.add("Add", [
      graph.add("MatMul", [input, graph.weights([from, to], 0.04)]),
      graph.weights([to], 0.02),
    ]);
}

/** Rows of an input are quantised once, however many matrices they are multiplied with. */
function quantisedLinear(graph: Graph): Linear {
  const quantised = new Map<string, string[]>();
  const zero = "int8-zero";
  graph.constants.push(constant(zero, INT8, [], Int8Array.of(0)));
  return (input, from, to) => {
    const known = quantised.get(input) ?? graph.addMany("DynamicQuantizeLinear", [input], 3);
    quantised.set(input, known);
    const [values = "", scale = "", offset = ""] = known;
    const product = graph.add("MatMulInteger", [values, graph.bytes([from, to]), offset, zero]);
    const scaled = graph.add("Mul", [
      graph.add("Cast", [product], { to: FLOAT }),
      graph.add("Mul", [scale, graph.float(0.0003)]),
    ]);
    return graph.add("Add", [scaled, graph.weights([to], 0.02)]);
  };
}

function normalised(graph: Graph, input: string): string {
  return graph.add(
    "LayerNormalization",
    [input, graph.weights([WIDTH], 0.05, 1), graph.weights([WIDTH], 0.02)],
    {
      axis: -1,
    },
  );
}

/** Words, their places and which of the two texts they belong to, added up. */
function embedded(graph: Graph, vocabulary: number): string {
  const words = graph.add("Gather", [graph.weights([vocabulary, WIDTH], 0.08), "input_ids"]);
  const texts = graph.add("Gather", [graph.weights([2, WIDTH], 0.08), "token_type_ids"]);
  const length = graph.add("Gather", [graph.add("Shape", ["input_ids"]), graph.whole([1])]);
  const places = graph.add("Slice", [
    graph.weights([1, POSITIONS, WIDTH], 0.08),
    graph.whole([0]),
    length,
    graph.whole([1]),
  ]);
  return normalised(graph, graph.add("Add", [graph.add("Add", [words, texts]), places]));
}

/** Nothing for a token, far below everything for padding. */
function attentionMask(graph: Graph): string {
  const present = graph.add("Cast", [graph.add("Unsqueeze", ["attention_mask", graph.whole([1, 2])])], {
    to: FLOAT,
  });
  return graph.add("Mul", [graph.add("Sub", [graph.float(1), present]), graph.float(-10_000)]);
}

function encoderLayer(graph: Graph, linear: Linear, input: string, mask: string): string {
  const split = graph.whole([0, 0, HEADS, WIDTH / HEADS]);
  const heads = (perm: number[]) =>
    graph.add("Transpose", [graph.add("Reshape", [linear(input, WIDTH, WIDTH), split])], { perm });
  const [query, key, value] = [heads([0, 2, 1, 3]), heads([0, 2, 3, 1]), heads([0, 2, 1, 3])];
  const scaled = graph.add("Mul", [
    graph.add("MatMul", [query, key]),
    graph.float(1 / Math.sqrt(WIDTH / HEADS)),
  ]);
  const attention = graph.add("Softmax", [graph.add("Add", [scaled, mask])], { axis: -1 });
  const context = graph.add("Transpose", [graph.add("MatMul", [attention, value])], { perm: [0, 2, 1, 3] });
  const joined = graph.add("Reshape", [context, graph.whole([0, 0, WIDTH])]);
  const attended = normalised(graph, graph.add("Add", [linear(joined, WIDTH, WIDTH), input]));
  const inner = gelu(graph, linear(attended, WIDTH, FORWARD));
  return normalised(graph, graph.add("Add", [linear(inner, FORWARD, WIDTH), attended]));
}

function gelu(graph: Graph, input: string): string {
  const bent = graph.add("Erf", [graph.add("Div", [input, graph.float(Math.SQRT2)])]);
  const gate = graph.add("Add", [bent, graph.float(1)]);
  return graph.add("Mul", [graph.add("Mul", [input, gate]), graph.float(0.5)]);
}

function firstToken(graph: Graph, tokens: string): string {
  return graph.add("Gather", [tokens, graph.whole([0], [])], { axis: 1 });
}
