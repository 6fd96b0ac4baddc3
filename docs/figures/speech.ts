// docs/results/speech.json, the shipped model and its cross-validation → figures of docs/speech.md

import type { Errors, SpeechResults } from '../../experiments/speech/speechResults.ts';
import { withTemperature } from '../../src/evaluation/calibrate.ts';
import { riskCoverage } from '../../src/evaluation/sureThreshold.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { fillRegion, grouped, paragraph, percent, table } from './markdown.ts';
import { clipsOf } from './modelFigures.ts';
import type { ProtocolFigures } from './protocolFigures.ts';

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
  si5: ProtocolFigures,
): string {
  return fillRegion(fillRegion(page, 'speech', errors(results)), 'sure', sure(calibration, si5));
}

function errors(results: SpeechResults): string {
  const { detectors, detector } = results;
  const head = (first: string) => [first, 'clips', ...detectors.map((name) => NAMES[name] ?? name)];
  const row = (name: string, { clips, wrong }: Errors) => [
    name,
    grouped(clips),
    ...detectors.map((one) => percent(wrong[one]! / clips)),
  ];
  const sum = (all: readonly Errors[]): Errors => ({
    clips: all.reduce((total, { clips }) => total + clips, 0),
    wrong: Object.fromEntries(detectors.map((one) => [one, all.reduce((total, { wrong }) => total + wrong[one]!, 0)])),
  });
  const whole = results.music.flatMap(({ whole }) => whole ?? []);
  const music = results.music.filter(({ kind }) => kind === 'music');
  const effects = results.music.filter(({ kind }) => kind === 'effects');
  const changes = [...new Set(results.speech.map(({ change }) => change))];
  const speech = (isLearnt: boolean) => results.speech.filter(({ learnt }) => learnt === isLearnt);
  return [
    paragraph(
      `\`npm run evaluate:speech\` asks the detectors about sound that the library’s own (${grouped(detector.weights)} weights, threshold ${detector.threshold}) has not learnt from, but for
       the corpora that are marked so. **Taken for speech**, of synthetic sounds at levels from −70 dB to full scale, and of music and effects that no detector here was made with:`,
    ),
    table([
      head('no speech'),
      ...results.silent.map(({ name, ...own }) => row(inWords(name), own)),
      row('**all of these**', sum(results.silent)),
      ...music.map(({ name, ...own }) => row(`music, 8 s: ${name}`, own)),
      row('**music, 8 s**', sum(music)),
      ...(whole.length > 0 ? [row('**music, whole recordings**', sum(whole))] : []),
      ...effects.map(({ name, ...own }) => row(`effects: ${name}`, own)),
      ...results.singing.map(({ name, ...own }) => row(`singing: ${name}`, own)),
    ]),
    paragraph('**Missed**, of speech, clean and changed:'),
    table([
      head('speech'),
      ...[false, true].flatMap((learnt) =>
        changes.flatMap((change) =>
          speech(learnt)
            .filter((one) => one.change === change)
            .map(({ name, ...own }) => row(`${name}, ${change}${learnt ? ' (learnt from)' : ''}`, own)),
        ),
      ),
      row('**all that none was learnt from**', sum(speech(false))),
      row('**all**', sum(results.speech)),
    ]),
  ].join('\n\n');
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
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
