// every format that is fuzzed, by its name

import type { Format } from './format.ts';
import { containers } from './formats/containers.ts';
import { examples } from './formats/examples.ts';
import { flac } from './formats/flac.ts';
import { models } from './formats/models.ts';
import { mp3 } from './formats/mp3.ts';
import { corpora, ravdessNames } from './formats/names.ts';
import { ogg } from './formats/ogg.ts';
import { options } from './formats/options.ts';
import { pcm } from './formats/pcm.ts';
import { plain } from './formats/plain.ts';
import { checkpoints, ensembles, folds } from './formats/stores.ts';
import { wav } from './formats/wav.ts';
import { waveCodecs } from './formats/waveCodecs.ts';
import { webm } from './formats/webm.ts';
import { zip } from './formats/zip.ts';

/** In the order of the table. */
export const FORMATS: Readonly<Record<string, Format>> = {
  wav,
  waveCodecs,
  plain,
  flac,
  mp3,
  ogg,
  webm,
  containers,
  pcm,
  zip,
  ravdessNames,
  corpora,
  examples,
  checkpoints,
  folds,
  ensembles,
  models,
  options,
};
