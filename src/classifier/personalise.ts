// a model + clips of one speaker, or an adaptation made of such before → the model adapted to the speaker

import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { requireBackend } from '../model/backend.ts';
import { classifyingWeights, type SharingNetwork, withClassifyingWeights } from '../model/classifyingLayer.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { adaptationBytes, adaptedWeights, baseOf } from './adaptation.ts';
import { type Enrolment, type PersonaliseOptions, resolveEnrolment, type SpeakerClip } from './enrolment.ts';
import type { SharedModel } from './sharedModel.ts';
import { hearClip } from './speakerEvidence.ts';
import { type EnrolledClip, speakerWeights } from './speakerWeights.ts';

export { hearClip } from './speakerEvidence.ts';

const ACTION = 'personalise';

/** A model adapted to a speaker, which shares all but a layer with its base. */
export interface AdaptedModel extends Pick<SharedModel, 'model' | 'runner'> {
  /** From which it can be made again. */
  readonly adaptation: Uint8Array;
  /** Whether the network can be saved whole. */
  readonly savable: boolean;
  /** Frees what is not the base's. */
  dispose(): void;
}

/**
 * Adapts a model to a speaker.
 *
 * @param base stays as it is, and has to live as long as the adapted one
 * @param given clips of the speaker, or an adaptation made of such before
 */
export async function adapted(
  base: SharedModel,
  extractor: FeatureExtractor,
  given: Iterable<SpeakerClip> | Uint8Array,
  options: PersonaliseOptions,
): Promise<AdaptedModel> {
  const { model, runner } = base;
  const enrolment = resolveEnrolment(model.settings.labels, given, options);
  const { signal } = enrolment.hearing;
  const adaptation = enrolment.adaptation ?? (await adaptationTo(model, extractor, enrolment, options));
  signal?.throwIfAborted();
  await requireBackend(ACTION);
  const weights = adaptedWeights(adaptation, await baseOf(model), await classifyingWeights(model.network));
  signal?.throwIfAborted();
  const networks: SharingNetwork[] = [];
  const dispose = () => {
    for (const network of networks) network.dispose();
  };
  try {
    const [own, faster = own] = [...new Set([model, runner])].map((one) => {
      const sharing = withClassifyingWeights(one.network, weights);
      networks.push(sharing);
      return { ...one, network: sharing.network };
    });
    return { model: own!, runner: faster!, adaptation, savable: networks[0]!.savable, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * The adaptation to a speaker of whom there are clips.
 *
 * @param model that they are heard by
 * @returns bytes, see `adaptation.ts`
 */
async function adaptationTo(
  model: TrainedModel,
  extractor: FeatureExtractor,
  { clips, shares, hearing }: Enrolment,
  { onProgress }: PersonaliseOptions,
): Promise<Uint8Array> {
  const enrolled: EnrolledClip[] = [];
  for (const [i, { sound, label }] of clips.entries()) {
    const evidence = await hearClip(model, sound, hearing, extractor);
    if (evidence) enrolled.push({ ...evidence, label });
    onProgress?.({ type: 'clip', completed: i + 1, total: clips.length, speech: evidence !== undefined });
  }
  return adaptationFrom(model, enrolled, shares, hearing.signal);
}

/** The adaptation to a speaker whose clips have been heard. */
export async function adaptationFrom(
  model: TrainedModel,
  clips: readonly EnrolledClip[],
  shares: readonly number[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  await requireBackend(ACTION);
  const weights = await classifyingWeights(model.network);
  await nextTask(); // so that an abort gets through
  signal?.throwIfAborted();
  const { temperature } = model.settings.calibration;
  const adapted = speakerWeights(clips, { weights, temperature, shares });
  return adaptationBytes(await baseOf(model), adapted);
}
