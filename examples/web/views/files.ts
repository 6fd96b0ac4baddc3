// chosen recordings → the emotion of each, as a whole and over time, with an explanation

import type { EmotionResult, EmotionSegment, Explanation } from 'speech-emotion';
import {
  FeatureExtractor,
  type FeatureMatrix,
  streamFeatures,
  toWaveform,
  type Waveform,
} from 'speech-emotion/features';
import type { AnyClassifier } from 'speech-emotion/worker';
import { verdict, verdictWithShares } from '../../../cli/src/drawing/verdict.ts';
import { byId, make, makeSvg, percent, refill, say, wordsOf } from '../dom.ts';
import type { Engine } from '../engine/engine.ts';
import { frequencyTicks, secondTicks } from '../pictures/axes.ts';
import { colouring, drawBars, drawLegend, drawTicks, timelineRects } from '../pictures/emotions.ts';
import { indexOfGreatest } from '../pictures/greatest.ts';
import { evidenceColumns, soundColumns } from '../pictures/spectrogram.ts';
import { drawWave } from '../pictures/wave.ts';

/** A recording and its results. */
interface Recording {
  readonly file: File;
  readonly waveform: Waveform;
  readonly result: EmotionResult;
  readonly segments: readonly EmotionSegment[];
  /** The model's own, which made the features. */
  readonly extractor: FeatureExtractor;
  readonly picture: FeatureMatrix;
}

const status = byId('files-status');
const drop = byId('drop');
const chosen = byId<HTMLInputElement>('file');
const player = byId<HTMLAudioElement>('player');
const whyLabel = byId<HTMLSelectElement>('why-label');
const why = byId<HTMLCanvasElement>('why');
const attention = byId<SVGElement>('attention');

/** Sets the view up. */
export function filesView(engine: Engine): void {
  let files: File[] = [];
  let shown: Recording | undefined;
  let queue = Promise.resolve();

  chosen.addEventListener('change', () => take([...(chosen.files ?? [])]));
  // On the whole window: a file dropped outside the frame would otherwise replace the page.
  for (const type of ['dragover', 'dragleave', 'drop'] as const) {
    addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragover');
      if (type !== 'drop' || !event.dataTransfer?.files.length) return;
      location.hash = 'files';
      take([...event.dataTransfer.files]);
    });
  }
  engine.onChange(() => {
    const again = files;
    files = [];
    byId('recordings').replaceChildren();
    take(again);
  });
  byId('explain').addEventListener('click', () => work('Looking for what drove it …', explain));
  whyLabel.addEventListener('change', hideWhy);
  followPlayer();

  function take(more: readonly File[]): void {
    for (const file of more) {
      files = [...files, file];
      work(`Listening to ${file.name} …`, async () => {
        const recording = await listen(file, await engine.classifier);
        list(recording);
        show(recording);
      });
    }
  }

  /** One task after the other; an error is shown, and the old result is hidden. */
  function work(doing: string, task: () => Promise<void>): void {
    queue = queue.then(async () => {
      say(status, doing);
      try {
        await task();
      } catch (error) {
        shown = undefined;
        byId('result').hidden = true;
        say(status, wordsOf(error), true);
      }
    });
  }

  function list(recording: Recording): void {
    const { file, result } = recording;
    const button = make('button', { type: 'button' }, make('span', {}, file.name), make('strong', {}, verdict(result)));
    button.addEventListener('click', () => show(recording));
    byId('recordings').append(make('li', {}, button));
  }

  function show(recording: Recording): void {
    shown = recording;
    showRecording(recording);
  }

  async function explain(): Promise<void> {
    if (!shown?.result.speech) return;
    const classifier = await engine.classifier;
    const explanation = await classifier.explain(shown.waveform, { label: whyLabel.value });
    showWhy(explanation, shown);
    say(status, `Shown in the picture: what spoke for ${explanation.explained}.`);
  }
}

async function listen(file: File, classifier: AnyClassifier): Promise<Recording> {
  const waveform = await toWaveform(file);
  const result = await classifier.classify(waveform);
  const segments = await classifier.timeline(waveform);
  const extractor = new FeatureExtractor(classifier.settings.features);
  return { file, waveform, result, segments, extractor, picture: await pictureOf(waveform, extractor) };
}

/** The model's features of the whole recording, second by second, so that the page stays responsive. */
async function pictureOf({ samples, sampleRate }: Waveform, extractor: FeatureExtractor): Promise<FeatureMatrix> {
  const { bins } = extractor;
  async function* seconds() {
    for (let at = 0; at < samples.length; at += sampleRate) {
      yield samples.subarray(at, at + sampleRate);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  const frames = Math.max(1, Math.ceil((samples.length / sampleRate) * extractor.framesPerSecond));
  const values = new Float32Array(frames * bins);
  for (let frame = 0; frame < frames; frame++) values.set(extractor.silence, frame * bins);
  for await (const piece of streamFeatures(extractor, seconds(), { sampleRate })) {
    values.set(piece.values.subarray(0, Math.max(0, frames - piece.startFrame) * bins), piece.startFrame * bins);
  }
  return { values, frames, bins };
}

let address = '';

function showRecording({ file, waveform, result, segments, extractor, picture }: Recording): void {
  const seconds = waveform.samples.length / waveform.sampleRate;
  const scores = result.scores ?? [];
  const labels = scores.map(({ label }) => label).sort();
  byId('result').hidden = false; // before drawing, which needs the layout
  hideWhy();
  byId('result-heading').textContent = file.name;
  byId('result-words').textContent = `${seconds.toFixed(1)} seconds. ${wordsFor(result)}`;
  whyLabel.replaceChildren(...scores.map(({ label }) => make('option', { value: label }, label)));
  drawBars(byId('bars'), scores);
  drawLegend(byId('legend'), labels);
  drawTicks(byId('seconds'), secondTicks(0, seconds), 'left');

  const wave = byId<HTMLCanvasElement>('wave');
  drawWave(wave, waveform.samples, getComputedStyle(wave).color);
  wave.ariaLabel = `Wave of ${file.name}`;
  const sound = byId<HTMLCanvasElement>('sound');
  const timeline = byId<SVGElement>('timeline');
  timeline.setAttribute('viewBox', `0 0 ${seconds} 1`);
  refill(timeline, timelineRects(segments, seconds, colouring(labels)));
  const course = segments.filter((segment, i) => i === 0 || verdict(segment) !== verdict(segments[i - 1]!));
  timeline.ariaLabel = `Emotions over time: ${course.map((segment) => `${verdict(segment)} from ${segment.start.toFixed(1)} s`).join(', ')}`;
  const rows = segments.map((segment) => {
    const { start, end, confidence } = segment;
    const share = confidence === undefined ? '' : percent(confidence);
    const cells = [`${start.toFixed(1)} s`, `${end.toFixed(1)} s`, verdict(segment), share];
    return make('tr', {}, ...cells.map((text) => make('td', {}, text)));
  });
  refill(byId('segments').querySelector('tbody')!, rows);
  put(sound, soundColumns(picture, extractor.silence));
  sound.ariaLabel = `Spectrogram of ${file.name}, as the model sees it`;
  drawTicks(byId('hertz'), frequencyTicks(extractor.options), 'bottom');

  URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  player.src = address;
  const words =
    result.speech && result.sure !== false ? ` sounds ${verdictWithShares(result)}` : `: ${verdictWithShares(result)}`;
  say(byId('files-status'), `${file.name}${words}.`);
}

function wordsFor(result: EmotionResult): string {
  if (!result.speech) return 'There is no speech in it.';
  const [first, second] = result.scores;
  const unsure = result.sure === false ? 'The model is not sure. ' : '';
  const close = second ? `, then ${second.label} with ${percent(second.score)}` : '';
  return `${unsure}It sounds most like ${first!.label} with ${percent(first!.score)}${close}.`;
}

function put(canvas: HTMLCanvasElement, image: ImageData): void {
  Object.assign(canvas, { width: image.width, height: image.height });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

function hideWhy(): void {
  why.hidden = true;
  attention.toggleAttribute('hidden', true);
  byId('why-words').hidden = true;
}

function showWhy(explanation: Explanation, { waveform, picture }: Recording): void {
  const { explained, start, framesPerSecond, contributions } = explanation;
  const seconds = waveform.samples.length / waveform.sampleRate;
  const first = Math.round(start * framesPerSecond);
  const { frames, bins } = contributions;
  const whole = { ...picture, values: new Float32Array(picture.values.length) };
  whole.values.set(contributions.values.subarray(0, Math.max(0, picture.frames - first) * bins), first * bins);
  put(why, evidenceColumns(whole));
  why.hidden = false;
  why.ariaLabel = `Where the picture speaks for ${explained} (green) and against it (blue)`;

  const times = Array.from({ length: frames }, (_, frame) => start + frame / framesPerSecond);
  const parts = Array.from({ length: frames }, (_, frame) =>
    contributions.values.subarray(frame * bins, (frame + 1) * bins).reduce((a, b) => a + b, 0),
  );
  const strongest = times[indexOfGreatest(parts)]!;
  let words = `Green speaks for ${explained}, blue against it; most is said around ${strongest.toFixed(1)} s.`;
  const weights = explanation.attention;
  if (weights) {
    const heaviest = indexOfGreatest(weights);
    const points = times.map((time, i) => `${time},${1 - (0.95 * weights[i]!) / weights[heaviest]!}`);
    attention.setAttribute('viewBox', `0 0 ${seconds} 1`);
    attention.replaceChildren(
      makeSvg('polygon', { points: `${times[0]},1 ${points.join(' ')} ${times.at(-1)},1`, class: 'weight' }),
    );
    const heard = times[heaviest]!;
    attention.ariaLabel = `Weight of each moment, greatest at ${heard.toFixed(1)} s`;
    attention.toggleAttribute('hidden', false);
    words += ` Under the picture: how much each moment weighs, most at ${heard.toFixed(1)} s.`;
  }
  byId('why-words').textContent = words;
  byId('why-words').hidden = false;
}

/** A line at the player's position; a click jumps there. */
function followPlayer(): void {
  const course = byId('course').querySelector<HTMLElement>('.pictures')!;
  const move = () => {
    const place = player.duration > 0 ? player.currentTime / player.duration : 0;
    byId('playhead').style.left = `${100 * place}%`;
    if (!player.paused) requestAnimationFrame(move);
  };
  for (const type of ['play', 'seeked', 'pause', 'loadedmetadata']) player.addEventListener(type, move);
  course.addEventListener('click', (event) => {
    const { left, width } = course.getBoundingClientRect();
    if (player.duration > 0) player.currentTime = ((event.clientX - left) / width) * player.duration;
  });
}
