// nothing to fetch, no paths to set → the shipped model
/// <reference path="./weights.d.ts" />

import type { ModelArtifact } from '../model/ioArtifacts.ts';
import weights from './model.bin';
import json from './model.json';

/** A model that ships inside a bundle. */
export type PretrainedModel = ModelArtifact;

/**
 * The model that ships with the library, in memory: it loads the same way in Node, in bundles and in workers. What it was
 * trained on and how well it does stands in its settings' `training`, and in docs/model-card.md.
 *
 * The weights were trained on RAVDESS, nEMO, ASED and EMOVO and are licensed CC BY-NC-SA 4.0, not as the code is: no commercial use.
 * See LICENSE beside this file.
 *
 * @example
 * const classifier = await EmotionClassifier.load(pretrained);
 */
export const pretrained: PretrainedModel = { json: json as unknown as ModelArtifact['json'], weights };
