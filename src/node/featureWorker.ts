// encoded recordings, as messages → their features: the module that the threads of `featureWorkers` run

import { parentPort, workerData } from 'node:worker_threads';
import type { Channel } from '../audio/channels.ts';
import { answerJobs } from '../core/answerJobs.ts';
import { SourceRecording } from '../dataset/recording.ts';
import { clipFeatures } from '../exampleSet/clipFeatures.ts';
import type { ResolvedCopy } from '../exampleSet/copies.ts';
import { FeatureExtractor, type ResolvedFeatureExtractorOptions } from '../features/featureExtractor.ts';
import { importModule } from './importModule.ts';

/** What a thread is started with. */
export interface FeatureWorkerData {
  /** How features are made. */
  readonly features: ResolvedFeatureExtractorOptions;
  /** The speed of each of the first variants. */
  readonly speeds: readonly number[];
  /** How the other variants are made. */
  readonly copies: readonly ResolvedCopy[];
  /** URL of a module to import first. */
  readonly setup: string | undefined;
}

/** A recording as it is sent. */
export interface FeatureMessage {
  /** As in `Recording`: errors name it. */
  readonly name: string;
  /** As in `Recording`. */
  readonly channel: Channel | undefined;
  /** The encoded file. */
  readonly bytes: Uint8Array;
}

const { features, speeds, copies, setup } = workerData as FeatureWorkerData;
if (setup !== undefined) await importModule(setup);
const extractor = new FeatureExtractor(features);

answerJobs(parentPort!, ({ name, channel, bytes }: FeatureMessage) => {
  const about = { label: '', speaker: '', groups: {}, channel }; // the others are not needed here
  return clipFeatures(new SourceRecording({ name, bytes: async () => bytes }, about), extractor, {
    speeds,
    copies,
  });
});
