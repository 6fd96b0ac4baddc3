// trained model → one JSON and one block of weights, and back
//
// The JSON is an ordinary TensorFlow.js `layers-model`, so stock tools read it; what stock tools don't know lies under
// `userDefinedMetadata['speech-emotion']`: the settings, and checksums by which damage is found before anything is built.

import * as tf from '@tensorflow/tfjs-core';
import { crc32 } from '../core/crc32.ts';
import { ModelFormatError } from '../core/errors.ts';
import { toFloat16 } from '../core/float16.ts';
import { requireBackend } from './backend.ts';
import { buildNetwork, checkLayers } from './buildNetwork.ts';
import { libraryVersion } from './libraryVersion.ts';
import { faultOf, parseModelSettings, type TrainedModel } from './trainedModel.ts';

/** A trained model as it lies in files, in storage or in a bundle. */
export interface ModelArtifact {
  /** The content of `model.json`, parsed: a TensorFlow.js layers model with the settings in its metadata. */
  readonly json: tf.io.ModelJSON;
  /** The content of the weights file. */
  readonly weights: Uint8Array;
}

/** How weights are stored. */
export interface ArtifactOptions {
  /**
   * `float16` halves the size and rounds each weight to 11 significant bits.
   * @default 'float32', which gives the very same model back
   */
  weightType?: 'float32' | 'float16' | undefined;
}

/** The key of {@link ModelArtifact.json}'s `userDefinedMetadata` under which the library's own part lies. */
const METADATA_KEY = 'speech-emotion';

interface Checksums {
  readonly topology: string;
  readonly weights: string;
}

/**
 * Packs a trained model; the model stays as it is and its holder's.
 *
 * @throws {RangeError} when network and settings don't fit together, or a weight is not finite in the chosen type
 * @throws {Error} when no tfjs backend is registered
 */
export async function toArtifact(
  model: TrainedModel,
  { weightType = 'float32' }: ArtifactOptions = {},
): Promise<ModelArtifact> {
  if (weightType !== 'float32' && weightType !== 'float16') {
    throw new RangeError(`Cannot pack the model: weightType must be float32 or float16, got ${weightType}`);
  }
  const fault = faultOf(model);
  if (fault) throw new RangeError(`Cannot pack the model: ${fault}`);
  await requireBackend('pack the model');

  let saved: tf.io.ModelArtifacts = {};
  await model.network.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  const { specs, weights } = packWeights(saved.weightSpecs ?? [], joinBuffers(saved.weightData), weightType);
  const settings = parseModelSettings(model.settings);
  // Through text and back: what is checked is what JSON can hold.
  const part = JSON.parse(JSON.stringify({ topology: saved.modelTopology, specs, settings }));
  const checksums: Checksums = { topology: checksumOf(part), weights: crc32(weights) };
  return {
    json: {
      format: 'layers-model',
      generatedBy: `speech-emotion ${libraryVersion}, ${saved.generatedBy}`,
      convertedBy: null,
      modelTopology: part.topology,
      weightsManifest: [{ paths: ['weights.bin'], weights: part.specs }],
      userDefinedMetadata: { [METADATA_KEY]: { ...part.settings, checksums } },
    },
    weights,
  };
}

/**
 * Checks an artefact and builds its model, which the caller owns: dispose its network when done.
 *
 * @throws {ModelFormatError} when the artefact is damaged, not of this library, written by a newer version, or made of
 *   layers that are not registered; the message says what was found
 * @throws {Error} when no tfjs backend is registered
 */
export async function fromArtifact(artifact: ModelArtifact): Promise<TrainedModel> {
  const { json, weights } = checkShape(artifact);
  const { checksums, ...metadata } = metadataOf(json);
  const settings = parseModelSettings(metadata);
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  checkDamage(checksums, { topology: json.modelTopology, specs, settings: metadata }, weights);
  const bytes = specs.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (bytes !== weights.length) {
    throw new ModelFormatError(`Cannot read the model: its weights must have ${bytes} bytes, got ${weights.length}`);
  }
  checkLayers(json.modelTopology);
  await requireBackend('load the model');
  const network = await buildNetwork({
    modelTopology: json.modelTopology,
    weightSpecs: specs,
    weightData: bufferOf(weights),
  });
  const model = { network, settings };
  const fault = faultOf(model);
  if (fault) {
    network.dispose();
    throw new ModelFormatError(`Cannot read the model: ${fault}`);
  }
  return model;
}

/**
 * The artefact in the form that tfjs' own IO handlers save.
 *
 * @throws {ModelFormatError} when it is none, saying what was found
 */
export function toIoArtifacts(artifact: ModelArtifact): tf.io.ModelArtifacts {
  const { json, weights } = checkShape(artifact);
  const { weightsManifest, ...rest } = json;
  return { ...rest, weightSpecs: weightsManifest.flatMap((group) => group.weights), weightData: bufferOf(weights) };
}

/**
 * The artefact from the form that tfjs' own IO handlers load.
 *
 * @throws {ModelFormatError} when there is no layers model with weights in it
 */
export function fromIoArtifacts(artifacts: tf.io.ModelArtifacts): ModelArtifact {
  const { modelTopology, weightSpecs, weightData, format, generatedBy, userDefinedMetadata } = artifacts;
  if (!modelTopology || modelTopology instanceof ArrayBuffer || !weightSpecs || !weightData) {
    throw new ModelFormatError('Cannot read the model: the handler gave no layers model with weights');
  }
  return {
    json: {
      ...(format !== undefined && { format }),
      ...(generatedBy !== undefined && { generatedBy }),
      ...(userDefinedMetadata && { userDefinedMetadata }),
      modelTopology,
      weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    },
    weights: new Uint8Array(joinBuffers(weightData)),
  };
}

/** Weights in their stored type, and what says so. */
function packWeights(specs: tf.io.WeightsManifestEntry[], data: ArrayBuffer, weightType: 'float32' | 'float16') {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const packedSpecs = specs.map((spec) => {
    const bytes = new Uint8Array(data, offset, byteLength(spec));
    offset += bytes.length;
    const values = spec.dtype === 'float32' ? new Float32Array(bytes.slice().buffer) : undefined;
    const halves = values && weightType === 'float16' ? toFloat16(values) : undefined;
    if (values?.some((value) => !Number.isFinite(value)) || halves?.some((half) => (half & 0x7c00) === 0x7c00)) {
      throw new RangeError(`Cannot pack the model: weight ${spec.name} must be finite in ${weightType}`);
    }
    parts.push(halves ? new Uint8Array(halves.buffer) : bytes);
    return halves ? { ...spec, quantization: { dtype: 'float16' as const } } : spec;
  });
  return { specs: packedSpecs, weights: joinBytes(parts) };
}

/** Bytes a weight takes in the file. */
function byteLength({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const size = quantization ? BYTES[quantization.dtype] : BYTES[dtype];
  if (size === undefined)
    throw new ModelFormatError(`Cannot read the model: weights of type ${dtype} are not supported`);
  return size * shape.reduce((product, axis) => product * axis, 1);
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, float16: 2, uint16: 2, uint8: 1 };

/** That it is an artefact at all: says what was found where it is not. */
function checkShape(artifact: ModelArtifact): ModelArtifact {
  const json: Partial<tf.io.ModelJSON> | null | undefined = artifact?.json;
  const found = (what: string) =>
    new ModelFormatError(`Cannot read the model: must be a speech-emotion model, got ${what}`);
  if (typeof json !== 'object' || json === null) throw found(json === null ? 'null' : `${typeof json}`);
  if (json.format === 'graph-model') throw found('a TensorFlow.js graph model');
  if (typeof json.modelTopology !== 'object' || json.modelTopology === null || !Array.isArray(json.weightsManifest)) {
    throw found(`JSON that holds no layers model (${Object.keys(json).slice(0, 8).join(', ') || 'empty'})`);
  }
  if (!json.userDefinedMetadata?.[METADATA_KEY]) {
    throw found('an ordinary TensorFlow.js layers model, without the settings that say how to feed it');
  }
  for (const group of json.weightsManifest) {
    const specs: unknown = group?.weights;
    if (!Array.isArray(specs) || !specs.every((spec) => Array.isArray(spec?.shape))) throw found('a damaged manifest');
  }
  if (!(artifact.weights instanceof Uint8Array)) throw found('no weights (a Uint8Array)');
  return artifact as ModelArtifact;
}

function metadataOf(json: tf.io.ModelJSON): Record<string, unknown> {
  return json.userDefinedMetadata?.[METADATA_KEY] as Record<string, unknown>;
}

/** Finds changed bytes, and says on which side they are. */
function checkDamage(checksums: unknown, part: object, weights: Uint8Array): void {
  const { topology, weights: ofWeights } = (checksums ?? {}) as Partial<Checksums>;
  if (topology !== checksumOf(part)) {
    throw new ModelFormatError(
      'Cannot read the model: its JSON is damaged or was edited (the checksum does not match)',
    );
  }
  if (ofWeights !== crc32(weights)) {
    throw new ModelFormatError(
      `Cannot read the model: its weights (${weights.length} bytes) are damaged or another model's (the checksum does not match)`,
    );
  }
}

/** Checksum of JSON whatever its spacing and the order of its keys. @internal */
export function checksumOf(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
  return crc32(new TextEncoder().encode(sorted));
}

/** Byte arrays end to end, such as the shards of a model's weights. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function joinBuffers(data: tf.io.WeightData | undefined): ArrayBuffer {
  return tf.io.CompositeArrayBuffer.join(Array.isArray(data) ? data : data ? [data] : []);
}

/** The bytes as a buffer of their own length. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
