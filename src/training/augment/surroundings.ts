// what is trained on → what augmentation knows beside a clip

import type { ExampleSet } from '../../exampleSet/exampleSet.ts';
import { FeatureExtractor } from '../../features/featureExtractor.ts';
import type { ResolvedAugment } from '../augmentOptions.ts';
import { ACTION } from './part.ts';
import { PARTS } from './parts.ts';
import { ratioOf, totalOf } from './power.ts';
import type { Surroundings } from './windowedClip.ts';

/**
 * What is the same for all clips of a training.
 *
 * @param fill what masks write [bins]
 * @throws {RangeError} when a part needs the frequency of each bin, and these features do not say, or copies, and there are none
 */
export function surroundingsOf(data: ExampleSet, options: ResolvedAugment, fill: Float32Array): Surroundings {
  if (options.copies && !data.copies?.length) {
    throw new RangeError(`Cannot ${ACTION}: augment.copies must be false for examples without copies`);
  }
  const extractor = new FeatureExtractor(data.features);
  const { centreHz } = extractor.features;
  for (const name of Object.keys(PARTS) as (keyof typeof PARTS)[]) {
    if (centreHz || options[name] === false || PARTS[name].needs !== 'hertz') continue;
    const { type } = data.features.features;
    throw new RangeError(
      `Cannot ${ACTION}: augment.${name} must be false for ${type} features, which have no centreHz`,
    );
  }
  return {
    silence: extractor.silence,
    fill,
    framesPerSecond: extractor.framesPerSecond,
    hz: centreHz ?? new Float32Array(0),
    white: centreHz ? whiteNoise(extractor) : new Float32Array(0),
    voices: data.examples,
  };
}

/** The shape of white noise in these bins: that of a click, whose spectrum is flat, in the frame that hears it most. */
function whiteNoise({ features, bins }: FeatureExtractor): Float32Array {
  const [from, to] = features.reach;
  const click = new Float32Array(4 * (to - from));
  click[2 * (to - from)] = 1e6; // well above any floor
  const { values, frames } = features.compute(click);
  const powers = values.map(ratioOf);
  const rows = Array.from({ length: frames }, (_, frame) => powers.subarray(frame * bins, (frame + 1) * bins));
  const loudest = rows.reduce((best, row) => (totalOf(row) > totalOf(best) ? row : best));
  const total = totalOf(loudest);
  return loudest.map((power) => power / total);
}
