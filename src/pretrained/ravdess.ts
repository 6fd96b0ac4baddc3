// nothing to fetch, no paths to set → the model that was trained on RAVDESS alone
/// <reference path="./weights.d.ts" />

import type { ModelArtifact } from '../model/ioArtifacts.ts';
import type { PretrainedModel } from './index.ts';
import weights from './ravdess.bin';
import json from './ravdess.json';

export type { PretrainedModel };

/**
 * The model that was trained on RAVDESS alone, whatever that of `speech-emotion/pretrained` is trained on: the one to compare with what
 * is published on that corpus.
 *
 * The weights were trained on RAVDESS and are licensed CC BY-NC-SA 4.0, not as the code is: no commercial use. See
 * LICENSE beside this file.
 *
 * @example
 * const classifier = await EmotionClassifier.load(pretrained);
 */
export const pretrained: PretrainedModel = { json: json as unknown as ModelArtifact['json'], weights };
