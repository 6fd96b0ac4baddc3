// topology of a saved model → check that it can be built: classes are registered and of the right kind, layers have their inputs, and
// there is no cycle
//
// tfjs builds a layer's calls as soon as their inputs exist and retries the others, forever if they never do
// (https://github.com/tensorflow/tfjs/issues/7271); and a layer that no output depends on leaks its weights when the model is disposed of.

import * as tfl from '@tensorflow/tfjs-layers';
import { shown } from '../core/check.ts';
import { ModelFormatError } from '../core/errors.ts';
import { type ClassKind, classOf, kindOf } from './registeredClass.ts';

/** The most layers of a network, and calls of them; no network that was trained comes near. */
const MOST_LAYERS = 4096;

/**
 * Checks that a topology describes a network that can be built.
 *
 * @param topology of a tfjs layers model, not nested deeper than what a stack holds
 * @throws {ModelFormatError} saying which layer is at fault
 */
export function checkTopology(topology: unknown): void {
  const root = fieldsOf(topology, 'the topology');
  const { className, config } = fieldsOf(root.modelConfig ?? topology, 'the topology');
  if (!isNetwork(className) || !isDictionary(config))
    throw fault(`its topology must be a network, got ${shown(className)}`);
  checkParts(root.modelConfig ?? topology);
}

/** Checks every class with a configuration, at any depth. */
function checkParts(node: unknown): void {
  if (Array.isArray(node)) node.forEach(checkParts);
  if (!isDictionary(node)) return;
  const { className, config } = fieldsOf(node, 'its topology');
  if (typeof className === 'string' && config !== undefined) {
    checkKnown(className);
    if (isNetwork(className)) checkNetwork(className, config);
  }
  for (const [name, value] of Object.entries(fieldsOf(node, 'its topology'))) {
    checkKind(name, value);
    checkParts(value);
  }
}

/** tfjs looks all names up in one list: an initialiser in place of an activation would fail only when the network is called. */
function checkKind(field: string, value: unknown): void {
  const wanted = KINDS.find((kind) => field.toLowerCase().endsWith(kind));
  if (!wanted) return;
  const name = isDictionary(value) ? fieldsOf(value, field).className : value;
  const kind = kindOf(name);
  if (kind && kind !== wanted)
    throw fault(`${field} must be of kind ${wanted}, got ${shown(name)}, which is of kind ${kind}`);
}

/** Kinds that names of fields end in, as in `recurrentActivation`. */
const KINDS: readonly ClassKind[] = ['activation', 'initializer', 'regularizer', 'constraint'];

function checkKnown(className: string): void {
  if (classOf(className)) return;
  throw fault(
    `its layer class ${className} is not registered. If it is your own, call ` +
      'tf.serialization.registerClass before loading; if it is not, there may be two copies of ' +
      '@tensorflow/tfjs-core (npm ls @tensorflow/tfjs-core lists them)',
  );
}

function checkNetwork(className: string, config: unknown): void {
  const { layers, ...others } = Array.isArray(config) ? { layers: config } : fieldsOf(config, className);
  const { inputLayers, outputLayers } = others as Fields;
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > MOST_LAYERS) {
    throw fault(
      `a network must have 1 to ${MOST_LAYERS} layers, got ${Array.isArray(layers) ? layers.length : typeof layers}`,
    );
  }
  const inGraph = classOf(className) !== tfl.Sequential;
  const named = new Map<string, Fields>();
  for (const item of layers) {
    const layer = fieldsOf(item, 'a layer');
    const name = nameOf(layer, inGraph);
    if (named.has(name)) throw fault(`layers must have names of their own, got ${shown(name)} twice`);
    named.set(name, layer);
  }
  if (inGraph) checkGraph(named, inputLayers, outputLayers);
}

/** A layer's name, which must be the same in the graph, if there is one, and in the layer's own configuration. */
function nameOf(layer: Fields, inGraph: boolean): string {
  if (typeof layer.className !== 'string') throw fault(`a layer must have a class, got ${shown(layer.className)}`);
  const own = fieldsOf(layer.config, `the layer ${shown(layer.name)}`).name;
  const name = inGraph ? layer.name : own;
  if (typeof name !== 'string' || name === '' || name in {})
    throw fault(`a layer must have a name, got ${shown(name)}`);
  if (own !== name) throw fault(`the layer ${shown(name)} must have one name, got ${shown(own)} too`);
  return name;
}

/** A call of a layer: the layers it reads, and which of their calls. */
interface Call {
  readonly layer: string;
  readonly reads: readonly Read[];
}

/** A layer, and which of its calls. */
type Read = readonly [layer: string, call: number];

function checkGraph(layers: ReadonlyMap<string, Fields>, inputs: unknown, outputs: unknown): void {
  const calls: Call[] = [];
  for (const [layer, { inboundNodes }] of layers) {
    for (const node of listOf(inboundNodes, `the calls of ${shown(layer)}`)) {
      const reads = listOf(node, `a call of ${shown(layer)}`).map((tensor) => readOf(tensor, layers, layer));
      if (reads.length === 0) throw fault(`a call of ${shown(layer)} must have an input, got none`);
      calls.push({ layer, reads });
    }
  }
  if (calls.length > MOST_LAYERS)
    throw fault(`a network must have at most ${MOST_LAYERS} calls of layers, got ${calls.length}`);
  const made = callsThatCanBeMade(layers, calls);
  const ends = (tensors: unknown, what: string) => {
    const list = listOf(tensors, what).map((tensor) => readOf(tensor, layers, what));
    const missing = list.find(([layer, call]) => call >= made.get(layer)!);
    if (list.length === 0 || missing) throw fault(`${what} must be calls of its layers, got ${shown(missing ?? list)}`);
    return list.map(([layer]) => layer);
  };
  ends(inputs, 'its inputs');
  checkAllNeeded(layers, calls, ends(outputs, 'its outputs'));
}

/** How many calls of each layer can be built, by tfjs' own procedure: again and again, those whose inputs exist. */
function callsThatCanBeMade(layers: ReadonlyMap<string, Fields>, calls: readonly Call[]): Map<string, number> {
  // Inputs exist from the start, and so does the output of a network within this one for its own input.
  const start = ({ className }: Fields) => (className === 'InputLayer' || isNetwork(className) ? 1 : 0);
  const made = new Map([...layers].map(([name, layer]) => [name, start(layer)]));
  let waiting = calls;
  while (waiting.length > 0) {
    const still = waiting.filter(({ layer, reads }) => {
      if (reads.some(([read, call]) => call >= made.get(read)!)) return true;
      made.set(layer, made.get(layer)! + 1);
      return false;
    });
    if (still.length === waiting.length) {
      const names = [...new Set(still.map(({ layer }) => layer))].slice(0, 5).join(', ');
      throw fault(`its layers must not wait for each other or for calls that are not there, got ${names}`);
    }
    waiting = still;
  }
  return made;
}

function checkAllNeeded(layers: ReadonlyMap<string, Fields>, calls: readonly Call[], outputs: readonly string[]): void {
  const readers = new Map<string, string[]>();
  for (const { layer, reads } of calls) {
    readers.set(layer, [...(readers.get(layer) ?? []), ...reads.map(([read]) => read)]);
  }
  const needed = new Set(outputs);
  for (const layer of needed) for (const read of readers.get(layer) ?? []) needed.add(read); // grows while it is iterated
  const useless = [...layers.keys()].find((name) => !needed.has(name));
  if (useless !== undefined) throw fault(`every layer must lead to an output, got ${shown(useless)}, which does not`);
}

function readOf(tensor: unknown, layers: ReadonlyMap<string, Fields>, by: string): Read {
  const [layer, call, output] = Array.isArray(tensor) ? tensor : [];
  const isIndex = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof layer === 'string' && layers.has(layer) && isIndex(call) && isIndex(output)) return [layer, call];
  throw fault(`${shown(by)} must read a call of a layer that is there, got ${shown(tensor)}`);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw fault(`${what} must be a list, got ${shown(value)}`);
}

function isNetwork(className: unknown): boolean {
  const found = classOf(className);
  return (found as unknown) === tfl.LayersModel || found?.prototype instanceof tfl.LayersModel;
}

type Fields = Readonly<Record<string, unknown>>;

function isDictionary(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A dictionary's fields under the names by which tfjs reads them: `inbound_nodes` and `inboundNodes` are the same. */
function fieldsOf(value: unknown, what: string): Fields {
  if (!isDictionary(value)) throw fault(`${what} must be an object, got ${shown(value)}`);
  const fields: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    const name = key.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
    if (name in fields) throw fault(`${what} must have one ${name}, got two`);
    fields[name] = item;
  }
  return fields;
}

function fault(what: string): ModelFormatError {
  return new ModelFormatError(`Cannot read the model: ${what}`);
}
