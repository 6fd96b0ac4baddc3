// the microphone → a scrolling spectrogram, the emotion of the moment, and a list of changes

import type { StreamSegment } from 'speech-emotion';
import { type LiveSound, microphone } from 'speech-emotion/browser';
import worklet from 'speech-emotion/browser/capture?url';
import { FeatureExtractor, streamFeatures } from 'speech-emotion/features';
import {
  type AnyClassifier,
  AudioInputError,
  EmotionMonitor,
  type EmotionSpan,
  type EmotionSummary,
} from 'speech-emotion/worker';
import { verdict } from '../../../cli/src/drawing/verdict.ts';
import { byId, make, percent, say, wordsOf } from '../dom.ts';
import type { Engine } from '../engine/engine.ts';
import { frequencyTicks } from '../pictures/axes.ts';
import { colouring, drawLegend, drawTicks, timelineRects } from '../pictures/emotions.ts';
import { ScrollingPicture, soundColumns } from '../pictures/spectrogram.ts';
import { tee } from './tee.ts';

/** The visible time. */
const SECONDS = 20;
/** Shorter than a clip of the training data: a change shows sooner. */
const WINDOW_SECONDS = 1.5;

const button = byId<HTMLButtonElement>('listen');
const device = byId<HTMLSelectElement>('device');
const status = byId('live-status');

/** Sets the view up. */
export function liveView(engine: Engine): void {
  let session: AbortController | undefined;

  button.addEventListener('click', () => {
    if (session) session.abort();
    else void listen();
  });
  engine.onChange(() => session?.abort());
  addEventListener('hashchange', () => session?.abort());
  drawTicks(
    byId('live-seconds'),
    [0, 0.25, 0.5, 0.75, 1].map((at) => ({ text: ago(at), at })),
    'left',
  );
  void listDevices();
  navigator.mediaDevices?.addEventListener('devicechange', () => void listDevices());

  async function listen(): Promise<void> {
    const mine = new AbortController();
    session = mine;
    button.textContent = 'Stop';
    say(status, 'Opening the microphone …');
    try {
      const classifier = await engine.classifier;
      const sound = await microphone({ signal: mine.signal, deviceId: device.value || undefined, worklet });
      say(status, 'Listening.');
      void listDevices(); // they have names once one may be used
      await follow(sound, classifier, mine.signal);
      say(status, 'The microphone is gone.');
    } catch (error) {
      if (mine.signal.aborted) say(status, 'Stopped; the microphone is free again.');
      else say(status, hint(error), true);
    } finally {
      session = undefined;
      button.textContent = 'Listen';
    }
  }
}

function ago(at: number): string {
  return at === 1 ? 'now' : `−${SECONDS * (1 - at)} s`;
}

/** The message for an error, and what can be done about it. */
function hint(error: unknown): string {
  if (!(error instanceof AudioInputError)) return wordsOf(error);
  const ways: Readonly<Record<AudioInputError['reason'], string>> = {
    denied:
      'The page may not use the microphone. Allow it beside the address, then listen again; recordings can be dropped without it.',
    missing: 'There is no microphone. Connect one, then listen again; recordings can be dropped without it.',
    busy: 'Another program has the microphone. Close that, then listen again.',
    unavailable: `${error.message}.`,
  };
  return ways[error.reason];
}

async function listDevices(): Promise<void> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const inputs = devices.filter(({ kind, deviceId, label }) => kind === 'audioinput' && deviceId && label);
  const chosen = device.value;
  device.replaceChildren(
    make('option', { value: '' }, 'the usual one'),
    ...inputs.map(({ deviceId, label }) => make('option', { value: deviceId }, label)),
  );
  device.value = inputs.some(({ deviceId }) => deviceId === chosen) ? chosen : '';
}

async function follow(sound: LiveSound, classifier: AnyClassifier, signal: AbortSignal): Promise<void> {
  const { sampleRate } = sound;
  const [toDraw, toHear] = tee(sound);
  const drawing = draw(toDraw, sampleRate, classifier);
  try {
    await hear(
      classifier.stream(toHear, { sampleRate, windowSeconds: WINDOW_SECONDS, smoothing: { seconds: 0.3 }, signal }),
      classifier.labels,
    );
  } finally {
    sound.stop();
    await drawing.catch(() => {});
  }
}

/** The spectrogram as the model takes it in. */
async function draw(
  source: AsyncIterable<Float32Array>,
  sampleRate: number,
  { settings }: AnyClassifier,
): Promise<void> {
  const extractor = new FeatureExtractor(settings.features);
  drawTicks(byId('live-hertz'), frequencyTicks(extractor.options), 'bottom');
  const columns = Math.round(SECONDS * extractor.framesPerSecond);
  const picture = new ScrollingPicture(byId('live-sound'), columns, extractor.bins);
  const timeline = byId<SVGElement>('live-timeline');
  timeline.replaceChildren();
  for await (const frames of streamFeatures(extractor, source, { sampleRate })) {
    picture.add(soundColumns(frames, extractor.silence));
    const now = (frames.startFrame + frames.frames) / extractor.framesPerSecond;
    timeline.setAttribute('viewBox', `${now - SECONDS} 0 ${SECONDS} 1`);
  }
}

/** The emotion of the moment, and earlier ones. */
async function hear(segments: AsyncIterable<StreamSegment>, labels: readonly string[]): Promise<void> {
  const colour = colouring(labels);
  drawLegend(byId('live-legend'), [...labels].sort());
  byId('changes').replaceChildren();
  byId('live-summary').textContent = '';
  const monitor = new EmotionMonitor({ sureOnly: true, onChange: ({ to }) => addChange(to) });
  const timeline = byId<SVGElement>('live-timeline');
  let before = 0; // what the segment before reached up to
  for await (const segment of segments) {
    monitor.observe(segment);
    showMoment(segment);
    showSummary(monitor.summary());
    if (segment.speech) {
      const from = Math.max(before, segment.end - WINDOW_SECONDS);
      // Only the segment's new part: the rest has been drawn.
      for (const rect of timelineRects([{ ...segment, start: 0, end: 0 }], segment.end - from, colour)) {
        rect.setAttribute('x', String(from));
        rect.dataset.label = segment.label;
        timeline.append(rect);
      }
    }
    before = segment.end;
    while (timeline.firstElementChild && endOf(timeline.firstElementChild) < before - SECONDS) {
      timeline.firstElementChild.remove();
    }
  }
}

function endOf(rect: Element): number {
  return Number(rect.getAttribute('x')) + Number(rect.getAttribute('width'));
}

/** Updated only if the word changes, since a screen reader reads it out each time. */
function showMoment(segment: StreamSegment): void {
  const word = verdict(segment);
  const moment = byId('moment');
  if (moment.textContent !== word) moment.textContent = word;
  moment.dataset.end = String(segment.end);
  byId('moment-share').textContent = segment.speech ? percent(segment.confidence) : '';
}

function addChange({ emotion, start }: EmotionSpan): void {
  const entry = make('li', {}, `${start.toFixed(1)} s: `, make('strong', {}, emotion));
  entry.dataset.emotion = emotion;
  entry.dataset.start = String(start);
  byId('changes').append(entry);
}

function showSummary({ seconds, speechSeconds, emotions, dropped }: EmotionSummary): void {
  const shares = Object.entries(emotions).map(([emotion, { share }]) => `${emotion} ${percent(share)}`);
  const lost = dropped > 0 ? ` ${dropped} stretches were left out, since this device is too slow.` : '';
  byId('live-summary').textContent =
    `${speechSeconds.toFixed(0)} of ${seconds.toFixed(0)} seconds were speech. ${shares.join(', ')}${lost}`;
}
