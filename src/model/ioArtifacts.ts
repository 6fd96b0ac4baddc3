// a model's JSON and weights → the form of tfjs' IO handlers, and back
//
// Nothing here needs tfjs itself, so that a page which only stores models, or names those it has, does not load it.

import type * as tf from '@tensorflow/tfjs-core';
import { ModelFormatError } from '../core/errors.ts';
import { joinArrays } from '../core/joinArrays.ts';
import { isNestedDeeper } from '../core/json.ts';
import { isArrayBuffer, isUint8Array } from '../core/realm.ts';

/** A trained model as it lies in files, in storage or in a bundle. */
export interface ModelArtifact {
  /** The content of `model.json`, parsed: a TensorFlow.js layers model with the settings in its metadata. */
  readonly json: tf.io.ModelJSON;
  /** The content of the weights file. */
  readonly weights: Uint8Array;
}

/** The key of {@link ModelArtifact.json}'s `userDefinedMetadata` under which the library's own part lies. */
export const METADATA_KEY = 'speech-emotion';

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
  const { modelTopology, weightSpecs, weightData, format, generatedBy, userDefinedMetadata } = artifacts ?? {};
  if (!modelTopology || isArrayBuffer(modelTopology) || !weightSpecs || !weightData) {
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
    weights: weightBytes(weightData),
  };
}

/** Checks that it is an artefact at all; the error names what was found instead. */
export function checkShape(artifact: ModelArtifact): ModelArtifact {
  const json: Partial<tf.io.ModelJSON> | null | undefined = artifact?.json;
  const found = (what: string) =>
    new ModelFormatError(`Cannot read the model: must be a speech-emotion model, got ${what}`);
  if (typeof json !== 'object' || json === null) throw found(json === null ? 'null' : `${typeof json}`);
  if (isNestedDeeper(json)) throw found('JSON that is nested too deep');
  if (json.format === 'graph-model') throw found('a TensorFlow.js graph model');
  if (typeof json.modelTopology !== 'object' || json.modelTopology === null || !Array.isArray(json.weightsManifest)) {
    throw found(`JSON that holds no layers model (${Object.keys(json).slice(0, 8).join(', ') || 'empty'})`);
  }
  if (!json.userDefinedMetadata?.[METADATA_KEY]) {
    throw found('an ordinary TensorFlow.js layers model, without the settings that say how to feed it');
  }
  for (const group of json.weightsManifest) {
    const specs: unknown = group?.weights;
    if (!Array.isArray(specs)) throw found('a damaged manifest');
  }
  if (!isUint8Array(artifact.weights)) throw found('no weights (a Uint8Array)');
  return artifact as ModelArtifact;
}

/** The weights as one block, whether tfjs has them in one or in several; a handler may give views in place of buffers. */
export function weightBytes(data: tf.io.WeightData): Uint8Array {
  const parts: readonly (ArrayBuffer | ArrayBufferView)[] = Array.isArray(data) ? data : [data];
  return joinArrays(
    Uint8Array,
    parts.map((part) =>
      ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength) : new Uint8Array(part),
    ),
  );
}

/** The bytes as a buffer of their own length. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
