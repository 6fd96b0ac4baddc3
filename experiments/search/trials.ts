// the training configurations that `npm run search` tries, in order: first wide steps from a base, then steps from the best so far
//
// Code that was written for a single trial and gained nothing is gone: such trials are in the record only, with the commit at which
// they can be run.

import type { AugmentOptions, CnnLstmOptions, ConvBlockOptions } from 'speech-emotion';
import type { TrainingConfig } from '../training/trainingConfig.ts';

/** A configuration to try, and the question it answers. */
export interface Trial {
  readonly name: string;
  readonly why: string;
  readonly protocol: 'si5' | 'sd10';
  readonly config: TrainingConfig;
}

/** The configuration of the first model: the library's defaults. */
const FIRST_CONFIG: TrainingConfig = {
  features: {},
  speeds: [0.88, 0.94, 1.06, 1.12],
  songs: true,
  network: {},
  training: { epochs: 60, batchSize: 32 },
};

/** The base with some options replaced; those of `training` and `network` one by one. */
function vary(base: TrainingConfig, changes: Partial<TrainingConfig>): TrainingConfig {
  return {
    ...{ ...base, ...changes },
    network: { ...base.network, ...changes.network } as CnnLstmOptions,
    training: { ...base.training, ...changes.training },
  };
}

function trial(name: string, why: string, own: TrainingConfig, protocol: Trial['protocol'] = 'si5'): Trial {
  return { name, why, protocol, config: own };
}

/** Speech alone, fewer epochs than the first configuration: cheap enough to compare many. */
const first = vary(FIRST_CONFIG, { songs: false, training: { epochs: 40 } });

const withSongs = vary(FIRST_CONFIG, { songs: true, training: { epochs: 24 } });

/** Fewer early filters, whose feature maps are the largest. */
const thin: TrainingConfig['network'] = {
  convolution: [{ filters: 16 }, { filters: 32 }, { filters: 64 }, { filters: 128, pool: [1, 2] }],
};

/** What most trials start from, after the first ones. */
const base = vary(first, { network: thin });

const late: TrainingConfig['network'] = {
  convolution: [{ filters: 12 }, { filters: 24 }, { filters: 64 }, { filters: 160, pool: [1, 2] }],
};

const narrow: TrainingConfig['network'] = {
  convolution: [{ filters: 12 }, { filters: 24 }, { filters: 32 }, { filters: 48, pool: [1, 2] }],
};

const WIDER: readonly ConvBlockOptions[] = [
  { filters: 24 },
  { filters: 48 },
  { filters: 96 },
  { filters: 160, pool: [1, 2] },
];

/** What the later trials start from: narrow networks, trained for longer, do as well in less time. */
const base2 = vary(base, { network: narrow, training: { epochs: 80 } });

/** Speaker-dependent training needs less regularisation: what is learnt about a speaker holds for the test. */
const known = vary(base2, {
  network: { recurrent: { inputDropout: 0.1 }, head: { dropout: 0.1 } },
  training: { epochs: 160, augment: { timeMasks: false, frequencyMasks: false } },
});

const knownMixed = vary(known, { training: { augment: { timeMasks: false, frequencyMasks: false, mixup: {} } } });

/** The later base with other options of its augmentation. */
function augmented(augment: AugmentOptions): TrainingConfig {
  return vary(base2, { training: { augment } });
}

const longRobust = vary(base2, {
  training: {
    ...{ epochs: 120, weightDecay: 0.1 },
    augment: { gainDb: 12, noise: { probability: 0.3, minDb: -80, maxDb: -50 } },
  },
});

function balanced(config: TrainingConfig): TrainingConfig {
  return vary(config, { training: { ...config.training, classWeights: 'balanced' } });
}

export const TRIALS: readonly Trial[] = [
  trial('speech', 'the first configuration, fewer epochs, speech alone', first),
  trial('songs', 'songs of the training actors too, at as many steps: an epoch has 1.7 times the clips', withSongs),
  trial('thin-songs', 'fewer early filters, more late ones: 0.8 of the time', vary(withSongs, { network: thin })),
  trial('thin', 'the same without songs', base),
  trial('sd', 'the same configuration where speakers are known', first, 'sd10'),
  trial('late', 'still fewer early filters, more late ones', vary(base, { network: late })),
  trial('narrow', 'half the filters: a third of the time', vary(base, { network: narrow })),
  trial('long', 'twice the epochs', vary(base, { training: { epochs: 80 } })),
  trial(
    'small-batch',
    'batches of 16, twice the steps',
    vary(base, { training: { batchSize: 16, learningRate: 1e-3 } }),
  ),
  trial('rate3', 'twice the learning rate', vary(base, { training: { learningRate: 3e-3 } })),
  trial(
    'narrow-long',
    'half the filters, three times the epochs',
    vary(base, { network: narrow, training: { epochs: 120 } }),
  ),
  trial('narrow80', 'half the filters, twice the epochs: the base of what follows', base2),
  trial('mixup', 'mixup at half the clips, alpha 0.2', augmented({ mixup: {} })),
  trial('robust', 'gain ±12 dB and noise at half the clips', augmented({ gainDb: 12, noise: {} })),
  trial('deltas', 'slopes and their slopes as channels', vary(base2, { network: { deltas: 2 } })),
  trial('sd-narrow', 'where speakers are known: less dropout, no masks, longer', known, 'sd10'),
  trial(
    'finer',
    'frames of 100 ms in place of 200 ms before the LSTM',
    vary(base2, {
      network: {
        convolution: [{ filters: 12 }, { filters: 24, pool: [1, 2] }, { filters: 32 }, { filters: 48, pool: [1, 2] }],
      },
    }),
  ),
  trial(
    'sd-songs',
    'the same with songs, at as many steps',
    vary(known, { songs: true, training: { epochs: 96 } }),
    'sd10',
  ),
  trial('sd-mixup', 'the same with mixup', knownMixed, 'sd10'),
  trial('gain12', 'gain ±12 dB alone', augmented({ gainDb: 12 })),
  trial(
    'faint-noise',
    'gain ±12 dB and fainter noise at a third of the clips',
    augmented({ gainDb: 12, noise: { probability: 0.3, minDb: -80, maxDb: -50 } }),
  ),
  trial('songs-narrow', 'songs too, the speech as often', vary(base2, { songs: true })),
  trial(
    'auxiliary',
    'intensity and sex told beside the emotion',
    vary(base2, { training: { auxiliary: { intensity: 0.3, sex: 0.1 } } }),
  ),
  trial(
    'dropout-high',
    'dropout of 0.5 in place of 0.3',
    vary(base2, { network: { recurrent: { inputDropout: 0.5 }, head: { dropout: 0.5 } } }),
  ),
  trial(
    'masks',
    'two masks each way, wider',
    augmented({ timeMasks: { count: 2, maxFrames: 16 }, frequencyMasks: { count: 2, maxBins: 12 } }),
  ),
  trial('mel-shift6', 'twice the shift along the mel axis', augmented({ melShift: 6 })),
  trial('no-masks', 'no masks', augmented({ timeMasks: false, frequencyMasks: false })),
  trial(
    'dropout-low',
    'dropout of 0.1 in place of 0.3',
    vary(base2, { network: { recurrent: { inputDropout: 0.1 }, head: { dropout: 0.1 } } }),
  ),
  trial(
    'sd-wide',
    'mixup where speakers are known, with wider late filters',
    vary(knownMixed, { network: thin }),
    'sd10',
  ),
  trial('units64', 'an LSTM of 64 units', vary(base2, { network: { recurrent: { units: 64 } } })),
  trial('units160', 'an LSTM of 160 units', vary(base2, { network: { recurrent: { units: 160 } } })),
  trial('mels128', '128 mel bands', vary(base2, { features: { features: { type: 'logMel', melBands: 128 } } })),
  trial(
    'sd-long',
    'mixup where speakers are known, twice as long',
    vary(knownMixed, { training: { epochs: 320 } }),
    'sd10',
  ),
  trial('smoothing0', 'no label smoothing', vary(base2, { training: { labelSmoothing: 0 } })),
  trial('smoothing10', 'label smoothing of 0.1', vary(base2, { training: { labelSmoothing: 0.1 } })),
  trial('decay10', 'ten times the weight decay', vary(base2, { training: { weightDecay: 0.1 } })),
  trial('average998', 'weights averaged over five times as many steps', vary(base2, { training: { ema: 0.998 } })),
  trial(
    'long-robust',
    'three times the epochs, ten times the weight decay, gain ±12 dB and faint noise: the parts that did well, together',
    longRobust,
  ),
  trial(
    'long-small',
    'the same with an LSTM of 48 units: a model of less than 300 kB',
    vary(longRobust, { network: { recurrent: { units: 48 } } }),
  ),
  trial('balanced', 'neutral, of which there is half as much, counts as much as the others', balanced(longRobust)),
  trial(
    'wide-balanced',
    'the same with the library’s own filters, twice as many',
    balanced(vary(first, { training: longRobust.training })),
  ),
  trial(
    'wider-balanced',
    'with wider late filters, too: most of what a model of 2 MB has room for',
    balanced(
      vary(first, {
        network: { convolution: WIDER },
        training: longRobust.training,
      }),
    ),
  ),
  trial(
    'later-balanced',
    'as wide in the late filters, fewer early ones: two thirds of the time',
    balanced(
      vary(first, {
        network: {
          convolution: [{ filters: 16 }, { filters: 32 }, { filters: 96 }, { filters: 160, pool: [1, 2] }],
        },
        training: longRobust.training,
      }),
    ),
  ),
  trial(
    'small-wide',
    'for phones: the library’s filters but for fewer in the last block, and a small LSTM; less than 300 kB',
    balanced(
      vary(first, {
        network: {
          convolution: [{ filters: 24 }, { filters: 48 }, { filters: 64 }, { filters: 64, pool: [1, 2] }],
          recurrent: { units: 24 },
        },
        training: longRobust.training,
      }),
    ),
  ),
  trial(
    'sd-decay',
    'where speakers are known, ten times the weight decay, with the same filters as sd-wide',
    vary(knownMixed, { network: thin, training: { weightDecay: 0.1 } }),
    'sd10',
  ),
  trial(
    'sd-one-speed',
    'where speakers are known, no speed copies: how high a voice is tells who speaks',
    vary(knownMixed, { speeds: [], network: thin }),
    'sd10',
  ),
  trial(
    'sd-both',
    'where speakers are known, ten times the weight decay and no speed copies',
    vary(knownMixed, { speeds: [], network: thin, training: { weightDecay: 0.1 } }),
    'sd10',
  ),
  trial(
    'sd-wider',
    'the same with filters as in wider-balanced',
    vary(knownMixed, { speeds: [], network: { convolution: WIDER }, training: { weightDecay: 0.1 } }),
    'sd10',
  ),
  trial('gru', 'GRU in place of LSTM', vary(base2, { network: { recurrent: { cell: 'gru' } } })),
  trial(
    'frame-sum',
    'a softmax at every frame, probabilities summed',
    vary(base2, { network: { pooling: 'frameSum' } }),
  ),
  trial(
    'window32',
    'frames of 32 ms, 12.5 ms apart',
    vary(base2, {
      features: { features: { type: 'logMel', frameLength: 512, hopLength: 200, fftLength: 1024 } },
      training: { window: { frames: 224 } },
    }),
  ),
  trial('mfcc', '40 cepstra in place of mel bands', vary(base2, { features: { features: { type: 'mfcc' } } })),
  trial(
    'distilled',
    'what two other networks say as half the target',
    vary(base2, { teachers: { seeds: [11, 12], share: 0.5 } }),
  ),
];
