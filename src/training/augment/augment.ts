// features of a clip → an augmented variant, as another speaker, room or microphone might have given it

import type { RandomStream } from '../../core/random.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { ResolvedAugment } from '../augmentOptions.ts';
import type { Part } from './part.ts';
import { PARTS } from './parts.ts';
import { powersOf, writeLevels } from './power.ts';
import type { Surroundings, WindowedClip } from './windowedClip.ts';

/** Every part with its name, as the loops take them: what a part's options are is known to the part. */
const EVERY = Object.entries(PARTS) as [keyof ResolvedAugment, Part<never, never>][];

/**
 * Makes a clip of another length, by the parts that do; others come once it is in its window.
 *
 * @param stream the randomness of this clip in this epoch
 * @returns the same matrix where nothing was changed
 */
export function reshape(
  clip: FeatureMatrix,
  options: ResolvedAugment,
  surroundings: Surroundings,
  stream: RandomStream,
): FeatureMatrix {
  let changed = clip;
  for (const [name, part] of EVERY) {
    if (!part.reshape || options[name] === false) continue;
    changed = part.reshape(changed, options[name] as never, stream.fork(part.stream ?? name), surroundings);
  }
  return changed;
}

/**
 * Augments a clip in its window, in place. What speakers and masks change is the clip, what rooms, microphones and noise do is heard
 * in the padding as well.
 *
 * Every part draws from a random stream of its own, so switching one on or off does not change the draws of the others.
 *
 * @param stream the randomness of this clip in this epoch
 */
export function augment(
  clip: WindowedClip,
  options: ResolvedAugment,
  surroundings: Surroundings,
  stream: RandomStream,
): void {
  const { values } = clip;
  const { silence } = surroundings;
  let powers: Float32Array | undefined; // of the clip, while parts work on them
  for (const [name, part] of EVERY) {
    if (options[name] === false) continue;
    const own = () => stream.fork(part.stream ?? name);
    if (part.applyToPowers) {
      const draws = own();
      if (draws.next() >= (options[name] as { probability: number }).probability) continue;
      powers ??= powersOf(values, silence);
      part.applyToPowers({ ...clip, values: powers }, options[name] as never, draws, surroundings);
    } else if (part.apply) {
      if (powers) writeLevels(values, powers, silence);
      powers = undefined;
      part.apply(clip, options[name] as never, own(), surroundings);
    }
  }
  if (powers) writeLevels(values, powers, silence);
}
