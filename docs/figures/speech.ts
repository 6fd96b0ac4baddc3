// docs/results/speech.json, the shipped model and its cross-validation → figures of docs/speech.md

import type { Errors, SpeechResults } from '../../experiments/speech/speechResults.ts';
import { withTemperature } from '../../src/evaluation/calibrate.ts';
import { riskCoverage } from '../../src/evaluation/sureThreshold.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { fillRegion, grouped, paragraph, percent, table } from './markdown.ts';
import { clipsOf } from './modelFigures.ts';
import type { ProtocolFigures } from './protocolFigures.ts';
import { spaced } from './words.ts';

const NAMES: Readonly<Record<string, string>> = {
  own: 'the library’s own',
  level: 'by level',
  silero: 'Silero 5',
};

/** The page with its figures. */
export function speechPage(
  page: string,
  results: SpeechResults,
  { calibration }: ModelSettings,
  tested: ProtocolFigures | undefined,
): string {
  return fillRegion(fillRegion(page, 'speech', errors(results)), 'sure', tested ? sure(calibration, tested) : '');
}

function errors(results: SpeechResults): string {
  const { detectors, detector, cost } = results;
  const head = (first: string) => [first, ...detectors.map((name) => NAMES[name] ?? name)];
  const row = (name: string, errors: Errors) => [
    name,
    ...detectors.map((one) => {
      const { clips, wrong } = errors[one] ?? { clips: 0, wrong: 0 };
      return clips === 0 ? '–' : `${percent(wrong / clips)} of ${grouped(clips)}`;
    }),
  ];
  const music = results.music.filter(({ kind }) => kind === 'music');
  const whole = music.flatMap(({ whole }) => (whole ? [whole] : []));
  const effects = results.music.filter(({ kind }) => kind === 'effects');
  const changes = [...new Set(results.speech.map(({ change }) => change))];
  const speech = (isLearnt: boolean) => results.speech.filter(({ learnt }) => learnt === isLearnt);
  const each = (all: readonly { readonly errors: Errors }[]) => sum(all.map(({ errors }) => errors));
  const weights = `${grouped(detector.weights)} weights, threshold ${detector.threshold}`;
  return [
    paragraph(
      `It adds ${percent(cost.share)} to the time of classifying ${cost.seconds} seconds on \`wasm\`, in one thread.`,
    ),
    paragraph(
      `\`npm run evaluate:speech\` asks the detectors about sound that the library’s own (${weights}) has not learnt from, but for
       the corpora that are marked so; Silero’s about fewer clips, as it takes its time. **Taken for speech**, of synthetic sounds at levels
       from −70 dB to full scale, and of music and effects:`,
    ),
    table([
      head('no speech'),
      ...results.silent.map(({ name, errors }) => row(spaced(name), errors)),
      row('**all of these**', each(results.silent)),
      ...music.map(({ name, errors }) => row(`music, 8 s: ${name}`, errors)),
      row('**music, 8 s**', each(music)),
      ...(whole.length > 0 ? [row('**music, whole recordings**', sum(whole))] : []),
      ...effects.map(({ name, errors }) => row(`effects: ${name}`, errors)),
      ...results.singing.map(({ name, errors }) => row(`singing: ${name}`, errors)),
    ]),
    paragraph('**Missed**, of speech, clean and changed:'),
    table([
      head('speech'),
      ...[false, true].flatMap((learnt) =>
        changes.flatMap((change) =>
          speech(learnt)
            .filter((one) => one.change === change)
            .map(({ name, errors }) => row(`${name}, ${change}${learnt ? ' (learnt from)' : ''}`, errors)),
        ),
      ),
      row('**all that none was learnt from**', each(speech(false))),
      row('**all, clean**', each(results.speech.filter(({ change }) => change === 'clean'))),
      row('**all**', each(results.speech)),
    ]),
  ].join('\n\n');
}

function sum(all: readonly Errors[]): Errors {
  const total: Record<string, { clips: number; wrong: number }> = {};
  for (const [name, { clips, wrong }] of all.flatMap((errors) => Object.entries(errors))) {
    const own = total[name] ?? { clips: 0, wrong: 0 };
    total[name] = own;
    own.clips += clips;
    own.wrong += wrong;
  }
  return total;
}

function sure({ temperature, sureAbove }: ModelSettings['calibration'], si5: ProtocolFigures): string {
  const points = riskCoverage(withTemperature(si5.single.seeds.flatMap(clipsOf), temperature));
  const rows = [0.9, 0.8, 0.7, 0.6].flatMap((accuracy) => {
    const point = points.findLast((one) => one.accuracy >= accuracy);
    return point ? [[percent(accuracy), point.confidence.toFixed(2), percent(point.coverage)]] : [];
  });
  const all = points.at(-1)!;
  return [
    paragraph(
      `The shipped model is sure above ${sureAbove?.toFixed(3) ?? '–'}. By the cross-validation of its training configuration (single models, actors
       that they had not heard; ${percent(all.accuracy)} of all clips are right):`,
    ),
    table([['right among the sure', 'confidence from', 'clips that are sure'], ...rows]),
  ].join('\n\n');
}
