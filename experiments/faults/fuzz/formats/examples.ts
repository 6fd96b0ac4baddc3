// seed → files of features, forged

import { type ExampleSet, examplesFromBytes, examplesToBytes, FeatureExtractor } from 'speech-emotion';
import { smallExamples } from '../../smallWork.ts';
import type { Format } from '../format.ts';
import { forger } from './packed.ts';

export const examples: Format = {
  errors: ['DatasetError'],
  async open() {
    const forge = forger(examplesToBytes(smallExamples({ clips: 3, speeds: [1, 1.1] })));
    return (random) => {
      const { bytes, right, damaged } = forge(random);
      return {
        input: bytes,
        unrefusable: right,
        answer: () => examplesFromBytes(bytes),
        fault: (answer) => (damaged ? 'took damaged bytes' : faultOfExamples(answer as ExampleSet)),
      };
    };
  },
};

/** What `train` could not take, or take for what it is not. */
export function faultOfExamples(set: ExampleSet): string | undefined {
  const { labels, features, speeds, examples } = set;
  if (!Array.isArray(labels) || !labels.every(isText) || new Set(labels).size < labels.length) return 'labels';
  if (!Array.isArray(speeds) || speeds[0] !== 1 || !speeds.every((speed) => speed >= 0.5 && speed <= 2))
    return 'speeds';
  if (!Array.isArray(examples)) return 'no examples';
  let bins: number;
  try {
    ({ bins } = new FeatureExtractor(features));
  } catch (error) {
    return `features: ${(error as Error).message}`;
  }
  if (new Set(examples.map(({ name }) => name)).size < examples.length) return 'two clips of one name';
  for (const { name, label, speaker, groups, variants } of examples) {
    if (typeof name !== 'string' || typeof speaker !== 'string') return 'a name or speaker that is no text';
    if (!(Number.isInteger(label) && label >= 0 && label < labels.length)) return 'a label out of range';
    if (!isRecord(groups) || !Object.values(groups).every((value) => typeof value === 'string')) return 'groups';
    if (!Array.isArray(variants) || variants.length !== speeds.length) return 'variants other than speeds';
    for (const { values, frames, bins: width } of variants) {
      if (width !== bins) return 'bins other than the features have';
      if (!(values instanceof Float32Array) || !(Number.isInteger(frames) && frames > 0))
        return 'frames that are no count';
      if (values.length !== frames * bins) return 'values other than frames × bins';
      if (!values.every(Number.isFinite)) return 'values that are not finite';
    }
  }
  return undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
