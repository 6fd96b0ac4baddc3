// published results on RAVDESS speech, of other systems and of listeners, for comparison

import type { SpeakerRule } from '../../src/exampleSet/namedFold.ts';

/** A published result. Few give all details; what is not on record here is undefined. */
export interface Anchor {
  readonly system: string;
  /** Whether tested speakers were trained on; `listeners` are people. */
  readonly speakers: SpeakerRule | 'listeners';
  /** The folds in words, and whatever flatters the result. */
  readonly protocol?: string;
  /** As published, with the name of the score where it is known. */
  readonly result: string;
  /** A link in Markdown, or words. */
  readonly source?: string;
}

/** Share of clips that listeners recognise. */
export const LISTENERS = 0.62;

const LUNA_2021 = '[Luna-Jiménez et al. 2021](https://doi.org/10.3390/s21227665)';

export const ANCHORS: readonly Anchor[] = [
  {
    system: 'human listeners, audio only',
    speakers: 'listeners',
    result: '62 %',
    source: '[Livingstone & Russo 2018](https://doi.org/10.1371/journal.pone.0196391)',
  },
  {
    system: 'ResLSTM-SA, from scratch',
    speakers: 'independent',
    protocol: 'five folds of Luna-Jiménez; hyperparameters saw the test folds',
    result: 'UAR 62.3 ± 1.2 %',
    source: '[Krasnoproshin & Vashkevich 2026](https://arxiv.org/abs/2606.03359)',
  },
  {
    system: 'TCN with noise, from scratch, speech and song',
    speakers: 'independent',
    protocol: 'one split',
    result: '68.8 %',
  },
  {
    system: 'CNN-14, from scratch',
    speakers: 'independent',
    protocol: 'four folds',
    result: '60.0 %',
    source: '[dchung1209/RAVDESS](https://github.com/dchung1209/RAVDESS)',
  },
  {
    system: 'ComParE functionals (6373) and logistic regression',
    speakers: 'independent',
    protocol: 'leave one speaker out',
    result: '63.6 %',
  },
  {
    system: 'CNN-14, pretrained on other sound (PANN)',
    speakers: 'independent',
    protocol: 'five folds of Luna-Jiménez',
    result: '76.6 %',
    source: LUNA_2021,
  },
  {
    system: 'XLSR-53, pretrained on other speech',
    speakers: 'independent',
    protocol: 'five folds of Luna-Jiménez; checkpoint chosen on the test',
    result: '81.8 %',
    source: '[Luna-Jiménez et al. 2022](https://doi.org/10.3390/app12010327)',
  },
  {
    system: 'Whisper large-v3, pretrained on other speech, frozen',
    speakers: 'independent',
    protocol: 'six folds of EmoBox',
    result: 'UAR 75.3 %',
    source: '[EmoBox, Ma et al. 2024](https://github.com/emo-box/EmoBox)',
  },
  {
    system: 'TIM-Net, from scratch',
    speakers: 'dependent',
    protocol: 'random 10-fold, last epoch: as corrected by its authors',
    result: '90.0 %',
    source: '[its repository, issue 16](https://github.com/Jiaxin-Ye/TIM-Net_SER/issues/16)',
  },
  {
    system: 'CNN-BiGRU "emocatcher", from scratch',
    speakers: 'dependent',
    protocol: 'random 5-fold, last epoch',
    result: '81.9 %',
    source: '[hwang9u/emocatcher](https://github.com/hwang9u/emocatcher)',
  },
  {
    system: 'the paper that this library implements',
    speakers: 'dependent',
    protocol: 'random split, details not given',
    result: '> 95 %',
  },
];
