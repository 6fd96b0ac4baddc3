// trained model → one JSON and one block of weights, and back
//
// The JSON is an ordinary TensorFlow.js `layers-model`, so stock tools read it; what stock tools don't know lies under
// `userDefinedMetadata['speech-emotion']`: the settings, and checksums by which damage is found before anything is built.

import * as tf from '@tensorflow/tfjs-core';
import { checkNothingElse, checkOneOf, checkOptions } from '../core/check.ts';
import { crc32 } from '../core/crc32.ts';
import { ModelFormatError } from '../core/errors.ts';
import { toFloat16 } from '../core/float16.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { requireBackend } from './backend.ts';
import { buildNetwork } from './buildNetwork.ts';
import { bufferOf, checkShape, METADATA_KEY, type ModelArtifact, weightBytes } from './ioArtifacts.ts';
import { libraryVersion } from './libraryVersion.ts';
import { checkTopology } from './topology.ts';
import { faultOf, parseModelSettings, type TrainedModel } from './trainedModel.ts';
import { byteLength, checkWeights } from './weightSpecs.ts';

export type { ModelArtifact } from './ioArtifacts.ts';

/** How weights are stored. */
export interface ArtifactOptions {
  /**
   * `float16` halves the size and rounds each weight to 11 significant bits.
   * @default 'float32', which gives the very same model back
   */
  weightType?: 'float32' | 'float16' | undefined;
}

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
export async function toArtifact(model: TrainedModel, options: ArtifactOptions = {}): Promise<ModelArtifact> {
  const { weightType = 'float32', ...others } = checkOptions('pack the model', options);
  checkNothingElse('pack the model', others);
  checkOneOf('pack the model', 'weightType', weightType, ['float32', 'float16']);
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
  const { specs, weights } = packWeights(saved.weightSpecs ?? [], weightBytes(saved.weightData ?? []), weightType);
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
  checkWeights(specs, weights);
  checkTopology(json.modelTopology);
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

/** Weights in their stored type, and their manifest. */
function packWeights(specs: tf.io.WeightsManifestEntry[], data: Uint8Array, weightType: 'float32' | 'float16') {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const packedSpecs = specs.map((spec) => {
    const bytes = data.subarray(offset, offset + byteLength(spec));
    offset += bytes.length;
    const values = spec.dtype === 'float32' ? new Float32Array(bytes.slice().buffer) : undefined;
    const halves = values && weightType === 'float16' ? toFloat16(values) : undefined;
    if (values?.some((value) => !Number.isFinite(value)) || halves?.some((half) => (half & 0x7c00) === 0x7c00)) {
      throw new RangeError(`Cannot pack the model: weight ${spec.name} must be finite in ${weightType}`);
    }
    parts.push(halves ? new Uint8Array(halves.buffer) : bytes);
    return halves ? { ...spec, quantization: { dtype: 'float16' as const } } : spec;
  });
  return { specs: packedSpecs, weights: joinArrays(Uint8Array, parts) };
}

function metadataOf(json: tf.io.ModelJSON): Record<string, unknown> {
  return json.userDefinedMetadata?.[METADATA_KEY] as Record<string, unknown>;
}

/** Finds damage, and whether it is in the JSON or in the weights. */
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
