// nothing to fetch, no paths to set → the small model, for where a download counts
/// <reference path="./weights.d.ts" />

import type { ModelArtifact } from '../model/ioArtifacts.ts';
import type { PretrainedModel } from './index.ts';
import weights from './small.bin';
import json from './small.json';

export type { PretrainedModel };

/**
 * A model of less than 300 kB in place of the one of `speech-emotion/pretrained`: the same inputs and labels, trained on
 * RAVDESS alone. How the two compare stands in docs/model-card.md.
 *
 * The weights were trained on RAVDESS and are licensed CC BY-NC-SA 4.0, not as the code is: no commercial use. See
 * LICENSE beside this file.
 *
 * @example
 * const classifier = await EmotionClassifier.load(pretrained);
 */
export const pretrained: PretrainedModel = { json: json as unknown as ModelArtifact['json'], weights };
