// the shipped model's settings, and results → docs/model-card.md

import type * as tf from '@tensorflow/tfjs-core';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { resolveCnnLstmOptions } from '../../src/model/resolveCnnLstmOptions.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { accuracy, recipeOf } from './accuracy.ts';
import { grouped, paragraph, table } from './markdown.ts';
import type { ProtocolFigures } from './protocolFigures.ts';
import { recipeDetails } from './recipeDetails.ts';
import type { Results } from './results.ts';
import { type ConditionFigures, robustnessFigures } from './robustness.ts';

/** A model that ships. */
export interface ShippedModel {
  readonly json: tf.io.ModelJSON;
  readonly settings: ModelSettings;
}

/**
 * The page, complete.
 *
 * @param small the second model, and the figures of its recipe
 */
export function modelCard(
  { json, settings }: ShippedModel,
  results: Results,
  protocols: readonly ProtocolFigures[],
  small?: ShippedModel & { readonly figures: ProtocolFigures },
): string {
  const recipe = recipeOf(settings, protocols, small?.figures);
  return [
    '# Model card: the pretrained model',
    '<!-- Made by docs/figures.ts of src/pretrained/model.json and docs/results. Change those, then run it again. -->',
    'What `speech-emotion/pretrained` holds, what it was trained on, how well it does, and what it is not for.',
    summary({ json, settings }),
    INTENDED_USE,
    data(settings),
    training(settings, recipe),
    '## Evaluation',
    ...(recipe ? [UNTESTED] : []),
    accuracy(settings, protocols, small?.figures),
    MEASURES,
    ...(recipe ? recipeDetails(recipe, conditionsOf(recipe, results)) : []),
    LIMITS,
    ...(small ? [smallModel(small)] : []),
    licence(settings),
  ].join('\n\n');
}

function conditionsOf({ file }: ProtocolFigures, results: Results): readonly ConditionFigures[] {
  return results.robustness?.protocol === file.protocol ? robustnessFigures(results) : [];
}

function summary({ json, settings }: ShippedModel): string {
  const { bins, framesPerSecond } = new FeatureExtractor(settings.features);
  const { frames, hopFrames } = settings.window;
  return table([
    ['', ''],
    ['Takes in', 'speech of one voice at a time; any length, sampling rate and number of channels'],
    ['Gives', `one probability for each of ${settings.labels.length} labels: ${settings.labels.join(', ')}`],
    [
      'Looks at',
      `windows of ${frames} frames × ${bins} bins (${frames / framesPerSecond} s), ${hopFrames} frames apart in longer recordings`,
    ],
    ...makeOf({ json, settings }),
    ['Licence', settings.training.data.licence ?? 'not said'],
  ]);
}

/** What it is made of, how large it is, and what made it. */
function makeOf({ json: { modelTopology, weightsManifest }, settings }: ShippedModel): string[][] {
  const { library, date } = settings.training;
  const specs = weightsManifest.flatMap(({ weights }) => weights);
  const counts = specs.map(({ shape }) => shape.reduce((product, axis) => product * axis, 1));
  const bytes = specs.map(({ quantization }, i) => counts[i]! * (quantization?.dtype === 'float16' ? 2 : 4));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const isHalf = specs.every(({ quantization }) => quantization?.dtype === 'float16');
  return [
    ['Network', networkOf(modelTopology)],
    ['Parameters', grouped(total(counts))],
    ['Size', `${grouped(Math.round(total(bytes) / 1e3))} kB of weights, as ${isHalf ? '16' : '32'}-bit floats`],
    ['Trained by', `${library}, ${date.slice(0, 10)}`],
  ];
}

/** What of the network differs from model to model, and whether it is today's default. */
function networkOf(topology: unknown): string {
  const { layers } = (topology as { config: { layers: LayerJson[] } }).config;
  const of = (className: string) => layers.filter(({ class_name }) => class_name === `SpeechEmotion${className}`);
  const filters = of('Conv2d').map(({ config }) => config.filters);
  const lstms = of('Lstm').map(({ config }) => `${config.direction} LSTM of ${config.units} units`);
  const usual = resolveCnnLstmOptions({}).convolution.map((block) => 'filters' in block && block.filters);
  const differs = String(filters) !== String(usual);
  const note = differs ? ` (not what \`buildCnnLstm()\` builds by default in this version: ${usual.join(', ')})` : '';
  return [`convolutions of ${filters.join(', ')} filters${note}`, ...lstms].join('; ');
}

interface LayerJson {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const INTENDED_USE = `\
## Intended use

Research, teaching, and trying the library out: for instance as a baseline to compare with, or as a start before training on recordings
of one's own. Not for commercial use, which the licence of its data rules out.

Not for:

- decisions about people: hiring, admission, grading, monitoring, insurance, credit, policing, border control;
- telling lies from truth, or what a person "really" feels;
- diagnosis, triage or therapy: it is no medical device;
- work and education in the European Union, where [Article 5(1)(f) of Regulation (EU) 2024/1689](https://eur-lex.europa.eu/eli/reg/2024/1689/oj)
  prohibits AI systems that infer emotions of people there, except for medical or safety reasons. Other uses may be classed as high-risk (Annex
  III) and carry a duty to inform the people concerned (Article 50). This is a pointer, not legal advice.`;

function data({ training: { data } }: ModelSettings): string {
  const rows = [
    ['', ''],
    ['Corpus', data.name ?? 'not said'],
    ['Trained on', `${grouped(data.recordings)} recordings of ${data.speakers} speakers`],
  ];
  return `\
## Data

${table(rows)}

RAVDESS holds 24 professional actors, 12 women and 12 men, who speak two sentences ("Kids are talking by the door", "Dogs are sitting by the door")
in a neutral North American accent, each in seven acted emotions at two intensities and once more in a neutral voice, twice each: 60 clips of three
to five seconds an actor, 1440 in all, recorded in a studio. There is half as much neutral speech as speech of each other label.`;
}

function training({ training: { options }, calibration }: ModelSettings, recipe: ProtocolFigures | undefined): string {
  const choice =
    recipe && options.validationRecordings === 0
      ? `The weights are those of the last epoch, ${options.epochs}: nothing was chosen.`
      : 'How the weights were chosen is not on record here.';
  const fitted = recipe
    ? `, which was fitted on what other models of the same recipe said of clips that they were tested on (${recipe.file.protocol})`
    : '';
  const temperature = `Probabilities are calibrated with temperature ${calibration.temperature.toFixed(3)}${fitted}.`;
  return `\
## Training

${paragraph(`${choice} ${temperature} [training.md](training.md) says what each option does; these are all of them, as the model carries them:`)}

${table([['option', 'value'], ...flattened(options).map(([name, value]) => [`\`${name}\``, `\`${value}\``])])}`;
}

/** `{ window: { frames: 112 } }` → `window.frames`, `112`. */
function flattened(options: object, prefix = ''): [string, string][] {
  return Object.entries(options).flatMap(([key, value]): [string, string][] => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? flattened(value, `${prefix}${key}.`) : [[prefix + key, JSON.stringify(value)]];
  });
}

const UNTESTED = paragraph(`
The shipped model was trained on all clips, so that there are none left to test it on. The figures are those of other models that the same recipe made,
each of which left some clips out and was tested on them.`);

const MEASURES = paragraph(`
UAR is the recall averaged over the labels (guessing gets 1 / labels), WAR the share of clips that are recognised. The interval is a bootstrap
over the tested speakers: where they are few, it is rough itself, and what other speakers get may lie outside of it. Figures of different
protocols must not be compared. [training.md](training.md#protocols) has the protocols, [results.md](results.md) all results.`);

const LIMITS = `\
## Limits

- **Acted.** The clips are portrayals by professionals, clearer than most speech. What people feel and what their voices show are different
  things; the model has seen neither feelings nor spontaneous speech.
- **Two sentences, one accent, one language.** How far it carries over to other words, accents and languages has not been measured.
- **Few speakers, all adult actors.** No children, no elderly people, no impaired voices. Recall differs between speakers.
- **A studio.** Background noise, reverberation, several voices at once and telephone bands are outside of what it was trained on.
- **Level counts.** Loudness is part of the evidence. Training varies it by the \`gainDb\` of the options above; a recording much louder or
  quieter than that shifts the result.
- **It always answers.** Music, noise and silence get probabilities, too: there is no label for "none of these".`;

function smallModel(model: ShippedModel): string {
  const temperature = model.settings.calibration.temperature.toFixed(3);
  return `\
## The small model

${paragraph(`
\`speech-emotion/pretrained/small\` holds a second model, for where a small download counts. It takes in and gives the same, was trained on the same clips
in the same way, and is under the same licence; what is said above of uses and limits holds for it, too. [How well its recipe
does](results.md#the-small-model) stands beside the other's above.`)}

${table([['', ''], ...makeOf(model), ['Temperature', temperature]])}`;
}

function licence({ training: { data } }: ModelSettings): string {
  return `\
## Licence and citation

${paragraph(`The weights were trained on recordings under ${data.licence ?? 'a licence that is not on record here'} and carry
[the same licence](../src/pretrained/LICENSE), which is not that of the code (Apache-2.0). Recordings of RAVDESS are no part of the package. Whoever
uses the weights should cite:`)}

> ${data.citation ?? 'Nothing is on record here.'}
`;
}
