// the name of an option → the part of augmentation that it sets, in the order in which they are applied
//
// One table: type, check, order and application follow from it. Without a line here, an option of `AugmentOptions` is an error of types.

import { babble } from './babble.ts';
import { colouredNoise } from './colouredNoise.ts';
import { crop } from './crop.ts';
import { equalisation } from './equalisation.ts';
import { gainDb } from './gain.ts';
import { frequencyMasks, timeMasks } from './masks.ts';
import { melShift } from './melShift.ts';
import { noise } from './noise.ts';
import { maskFill, mixup, placement } from './ofBatches.ts';
import { room } from './room.ts';
import { telephone } from './telephone.ts';
import { tempo } from './tempo.ts';
import { copies, speed } from './variants.ts';

/** As sound goes: a speaker, a room and what else is in it, a microphone, a line, a level; then what no sound does. */
export const PARTS = {
  speed,
  copies,
  tempo,
  crop,
  placement,
  melShift,
  room,
  babble,
  colouredNoise,
  equalisation,
  telephone,
  gainDb,
  noise,
  timeMasks,
  frequencyMasks,
  maskFill,
  mixup,
};
