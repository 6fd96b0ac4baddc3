// the recipes that `npm run search` tries, in order: first wide steps from a base, then steps from the best so far

import { type Recipe, recipe } from './recipe.ts';

/** A recipe to try, and the question it answers. */
export interface Trial {
  readonly name: string;
  readonly why: string;
  readonly protocol: 'si5' | 'sd10';
  readonly recipe: Recipe;
}

/** The base with some parts exchanged; `training` and `network` part by part. */
function vary(base: Recipe, changes: Partial<Recipe>): Recipe {
  return {
    ...{ ...base, ...changes },
    network: { ...base.network, ...changes.network },
    training: { ...base.training, ...changes.training },
  };
}

function trial(name: string, why: string, own: Recipe, protocol: Trial['protocol'] = 'si5'): Trial {
  return { name, why, protocol, recipe: own };
}

/** Speech alone, half the epochs of the first recipe: cheap enough to compare many. */
const speech = vary(recipe, { songs: false, training: { epochs: 40 } });

/** As many steps with songs: an epoch has 1.7 times the clips. */
const songs = vary(recipe, { songs: true, training: { epochs: 24 } });

const thin: Recipe['network'] = {
  convolution: [{ filters: 16 }, { filters: 32 }, { filters: 64 }, { filters: 128, pool: [1, 2] }],
};

export const TRIALS: readonly Trial[] = [
  trial('speech', 'the first recipe, fewer epochs, speech alone', speech),
  trial('songs', 'songs of the training actors too, at as many steps', songs),
  trial('thin', 'fewer early filters, more late ones: 0.8 of the time', vary(songs, { network: thin })),
  trial('mixup', 'mixup at half the clips, alpha 0.2', vary(songs, { training: { augment: { mixup: {} } } })),
  trial('gain12', 'gain ±12 dB', vary(songs, { training: { augment: { gainDb: 12 } } })),
  trial('noise', 'noise at half the clips', vary(songs, { training: { augment: { noise: {} } } })),
];
