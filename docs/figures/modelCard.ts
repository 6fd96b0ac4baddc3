// the shipped model's settings, and results → docs/model-card.md

import type * as tf from '@tensorflow/tfjs-core';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { resolveCnnLstmOptions } from '../../src/model/resolveCnnLstmOptions.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { accuracy } from './accuracy.ts';
import { type Audits, cardAudit } from './cardAudit.ts';
import { cardData, cardLimits } from './cardData.ts';
import { cardDetails } from './cardDetails.ts';
import { grouped, paragraph, table } from './markdown.ts';
import { type Tested, testOf } from './tested.ts';

/** A shipped model. */
export interface ShippedModel {
  readonly json: tf.io.ModelJSON;
  readonly settings: ModelSettings;
}

/** What else ships. */
export interface OtherModels {
  /** That of RAVDESS alone. */
  readonly ravdess?: ShippedModel | undefined;
  readonly small?: ShippedModel | undefined;
}

/** The page, complete. */
export function modelCard(
  { json, settings }: ShippedModel,
  tested: readonly Tested[],
  { ravdess, small }: OtherModels = {},
  audits: Audits = {},
): string {
  const config = testOf(settings, tested);
  return [
    '# Model card: the pretrained model',
    '<!-- Made by docs/figures.ts of src/pretrained/model.json and docs/results. Change those, then run it again. -->',
    'The model in `speech-emotion/pretrained`: its data, training, evaluation and limits.',
    summary({ json, settings }),
    INTENDED_USE,
    cardData(settings),
    training(settings, config),
    '## Evaluation',
    ...(config ? [UNTESTED] : []),
    accuracy(settings, tested),
    MEASURES,
    ...(config ? cardDetails(config) : []),
    ...cardAudit(audits),
    cardLimits(settings),
    ...(ravdess ? [RAVDESS_ALONE, aside(ravdess)] : []),
    ...(small ? [SMALL, aside(small)] : []),
    licence(settings),
  ].join('\n\n');
}

function summary({ json, settings }: ShippedModel): string {
  const { bins, framesPerSecond } = new FeatureExtractor(settings.features);
  const { frames, hopFrames } = settings.window;
  return table([
    ['', ''],
    ['Input', 'speech of one voice at a time; any length, sampling rate and number of channels'],
    ['Output', `one probability for each of ${settings.labels.length} labels: ${settings.labels.join(', ')}`],
    [
      'Windows',
      `${frames} frames × ${bins} bins (${frames / framesPerSecond} s), ${hopFrames} frames apart in longer recordings`,
    ],
    ...makeOf({ json, settings }),
    ['Licence', settings.training.data.licence ?? 'not said'],
  ]);
}

/** Its network, its size, and the library that trained it. */
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

/** What differs from model to model, and whether it is today's default. */
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

Research, teaching, and trying out the library, for instance as a baseline or as a first step before training on one's own recordings. Not
for commercial use, which the licence of its data rules out.

Not for:

- decisions about people: hiring, admission, grading, monitoring, insurance, credit, policing, border control;
- detecting lies, or what a person "really" feels;
- diagnosis, triage or therapy: it is not a medical device;
- work and education in the European Union, where [Article 5(1)(f) of Regulation (EU) 2024/1689](https://eur-lex.europa.eu/eli/reg/2024/1689/oj)
  prohibits AI systems that infer emotions of people there, except for medical or safety reasons. Other uses may be classed as high-risk (Annex
  III) and carry a duty to inform the people concerned (Article 50). This is a pointer, not legal advice.`;

function training({ training: { options }, calibration }: ModelSettings, config: Tested | undefined): string {
  const choice =
    config && options.validationRecordings === 0
      ? `The weights are those of the last epoch, ${options.epochs}: no epoch was chosen by a result.`
      : 'How the weights were chosen is not on record.';
  const fitted = config
    ? `, fitted to the predictions of other models of the same configuration for their test clips (${config.figures.file.protocol})`
    : '';
  const temperature = `Probabilities are calibrated with temperature ${calibration.temperature.toFixed(3)}${fitted}.`;
  return `\
## Training

${paragraph(`${choice} ${temperature} [training.md](training.md) explains each option; these are all of them, as stored in the model under the names of the version that trained it:`)}

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
The shipped model was trained on all clips, so that none are left to test it on. The scores are those of other models of the same configuration, each
tested on clips that it was not trained on.`);

const MEASURES = paragraph(`
UAR is the recall averaged over the labels (chance is 1 / labels), WAR the share of clips that are recognised. The interval is a bootstrap over the
tested speakers: with few of them it is rough, and scores of other speakers may lie outside it. Scores of different protocols must not be compared.
[training.md](training.md#protocols) describes the protocols, [results.md](results.md) has all results.`);

const RAVDESS_ALONE = `\
## The model of RAVDESS alone

${paragraph(`
\`speech-emotion/pretrained/ravdess\` has heard RAVDESS and nothing else: the one to compare with what is published on that corpus. It has the same input and
output, and its uses and limits are those above; it knows fewer voices, and neither rooms nor telephones. [results.md](results.md) has all scores of its
configuration.`)}`;

const SMALL = `\
## The small model

${paragraph(`
\`speech-emotion/pretrained/small\` is for small downloads. It has the same input and output, and the uses and limits above hold for it too.
[The scores of its configuration](results.md#the-small-model) are in the table above.`)}`;

/** What a model beside the main one is made of. */
function aside(model: ShippedModel): string {
  const { calibration, training } = model.settings;
  const { name = 'not said', recordings, speakers } = training.data;
  return table([
    ['', ''],
    ['Trained on', `${name}: ${grouped(recordings)} recordings of ${speakers} speakers`],
    ...makeOf(model),
    ['Temperature', calibration.temperature.toFixed(3)],
  ]);
}

function licence({ training: { data } }: ModelSettings): string {
  return `\
## Licence and citation

${paragraph(`The weights carry [CC BY-NC-SA 4.0](../src/pretrained/LICENSE), which is not the licence of the code (Apache-2.0). The recordings that they were
trained on: ${data.licence ?? 'no licence is on record'}. The package contains none of the recordings. If you
use the weights, please cite:`)}

${(data.citation ?? 'Nothing is on record.')
  .split('\n')
  .map((line) => `> ${line}`)
  .join('\n>\n')}
`;
}
