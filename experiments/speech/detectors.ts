// a recording → whether a detector hears speech in it, as `classify` asks

import { readFile } from 'node:fs/promises';
import { silero } from '../../examples/node/silero.ts';
import { openVoiceActivity, resolveVoiceActivity } from '../../src/classifier/voiceActivity.ts';
import { SAMPLE_RATE } from '../../src/speech/speechFeatures.ts';

/** Something that hears speech. */
export interface Detector {
  readonly name: string;
  /** How many clips of a kind it is asked about. */
  readonly most: number;
  hasSpeech(samples: Float32Array): Promise<boolean>;
}

/** The library's own, its level gate, and Silero's where its file is given, which is asked about fewer clips, as it takes its time. */
export async function openDetectors(sileroPath: string | undefined, most: number, mostOfSilero: number) {
  const detectors = [detectorOf('own', most, {}), detectorOf('level', most, { detector: 'level' })];
  if (!sileroPath) return detectors;
  return [...detectors, detectorOf('silero', mostOfSilero, { detector: await silero(await readFile(sileroPath)) })];
}

function detectorOf(name: string, most: number, options: Parameters<typeof resolveVoiceActivity>[1]): Detector {
  const resolved = resolveVoiceActivity('evaluate', options);
  if (!resolved) throw new RangeError('Cannot evaluate: there must be a detector');
  return {
    ...{ name, most },
    async hasSpeech(samples) {
      const sound = { sampleRate: SAMPLE_RATE, hop: 400, kept: samples.length };
      const activity = await openVoiceActivity('evaluate', resolved, sound);
      await activity.push(samples);
      await activity.end();
      return activity.hasSpeech;
    },
  };
}
