// weights for one speaker → bytes that can be used with the model they were made for, and no other, and back

import * as v from 'valibot';
import { ModelFormatError } from '../core/errors.ts';
import { textHash } from '../core/fingerprint.ts';
import { packArrays, unpackArrays } from '../core/packedArrays.ts';
import type { ClassifyingWeights } from '../model/classifyingLayer.ts';
import { networkHash } from '../model/networkHash.ts';
import type { TrainedModel } from '../model/trainedModel.ts';

/** The newest format that this version reads, and the one it writes. */
const FORMAT_VERSION = 1;
const MAGIC = 'SEMOADP1';

const hash = v.pipe(v.string(), v.nonEmpty());
const HEADER = v.object({
  formatVersion: v.literal(FORMAT_VERSION),
  /** Hash of the model's network. */
  network: hash,
  /** Hash of what of its settings a prediction depends on. */
  settings: hash,
});

/** What an adaptation is made for. */
export type Base = Omit<v.InferOutput<typeof HEADER>, 'formatVersion'>;

/** What tells a model from others, if it is trained on or calibrated again, from itself. */
export async function baseOf({ network, settings }: TrainedModel): Promise<Base> {
  const { labels, features, normalizer, window, calibration } = settings;
  return {
    network: await networkHash(network),
    settings: textHash(JSON.stringify([labels, features, normalizer, window, calibration])),
  };
}

/** Packs the weights for one speaker. */
export function adaptationBytes(base: Base, { kernel, bias }: ClassifyingWeights): Uint8Array {
  return packArrays(MAGIC, { formatVersion: FORMAT_VERSION, ...base }, [kernel, bias]);
}

/**
 * Reads what {@link adaptationBytes} wrote.
 *
 * @param own the model's own weights, whose size it must have
 * @throws {ModelFormatError} when it is damaged, no adaptation, written by a newer version, or made for another model
 */
export function adaptedWeights(bytes: Uint8Array, base: Base, own: ClassifyingWeights): ClassifyingWeights {
  const packed = unpackArrays(MAGIC, bytes);
  if (!packed)
    throw refusal('it must be the adaptation of a personalised classifier, got something else, or it is damaged');
  const version = (packed.header as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === 'number' && version > FORMAT_VERSION) {
    throw refusal(
      `it has format version ${version}, this version of speech-emotion (up to format version ${FORMAT_VERSION}) is too old for it`,
    );
  }
  const header = v.safeParse(HEADER, packed.header, { abortEarly: true });
  const [kernel, bias, ...others] = packed.arrays;
  if (!header.success || !kernel || !bias || others.length > 0) throw refusal('it is damaged');
  const { network, settings } = header.output;
  if (network !== base.network || settings !== base.settings) {
    const what = network === base.network ? 'the same network with other settings' : 'another network';
    throw refusal(`it was made for ${what}; an adaptation can be used with its own model only`);
  }
  const fits = kernel.length === own.kernel.length && bias.length === own.bias.length;
  if (!fits || ![kernel, bias].every((values) => values.every(Number.isFinite))) throw refusal('it is damaged');
  return { kernel, bias };
}

function refusal(reason: string): ModelFormatError {
  return new ModelFormatError(`Cannot read the adaptation: ${reason}`);
}
