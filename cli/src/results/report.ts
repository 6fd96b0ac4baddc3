// what was heard in recordings → a page with charts

import { type EmotionClassifier, type EmotionResult, type EmotionSegment, toWaveform } from 'speech-emotion';
import { verdict, verdictWithShares } from '../drawing/verdict.ts';
import type { Sink } from '../output/sink.ts';
import { bothThemes, pageFoot, pageHead, type Section, section } from '../report/page.ts';
import { probabilityBars } from '../report/probabilityBars.ts';
import { timelinePicture } from '../report/timelinePicture.ts';
import type { Heard, HeardChannel, ResultWriter } from './heard.ts';

const LIMITS =
  'The shipped model was trained on actors who speak two English sentences with an acted emotion. It recognises what a voice ' +
  'sounds like, not what someone feels; it is neither a lie detector nor a medical device.';
/** Longer recordings have no spectrogram, which would be a smear; and their sound would have to be held. */
const LONGEST_SPECTROGRAM = 900;
/** As many as anyone listens to. */
const MOST_SEGMENTS = 1000;

/** What is read of the commands' options. */
interface ReportOptions {
  readonly vad: false | undefined;
  readonly signal: AbortSignal;
}

/** Writes a page, section by section: of each recording its probabilities, its spectrogram and its emotions over time. */
export function reportResults(sink: Sink, classifier: EmotionClassifier, options: ReportOptions): ResultWriter {
  let isBegun = false;
  const begin = async () => {
    if (!isBegun) await sink.write(`${pageHead('Emotion in speech')}\n`);
    isBegun = true;
  };
  return {
    async write(heard) {
      await begin();
      for (const channel of heard.channels) {
        const own = await sectionOf(heard, channel, classifier, options);
        await sink.write(`${section(own)}\n`);
      }
    },
    async close() {
      await begin();
      await sink.write(pageFoot(LIMITS));
      await sink.close();
    },
    discard: () => sink.discard(),
  };
}

async function sectionOf(
  { recording, open, seconds }: Heard,
  { channel, result: known, segments: followed }: HeardChannel,
  classifier: EmotionClassifier,
  { vad, signal }: ReportOptions,
): Promise<Section> {
  const options = { channel, vad, signal };
  const result: EmotionResult = known ?? (await classifier.classify(await open(), options));
  const segments = followed ?? (await classifier.timeline(await open(), options));
  const name = channel === undefined ? recording.name : `${recording.name}, channel ${channel}`;
  const summary = `${name}, ${seconds.toFixed(1)} s: ${verdictWithShares(result)}`;
  const course = thinned(segments)
    .map((segment) => `${segment.start.toFixed(1)} s ${verdict(segment)}`)
    .join(', ');
  const isLong = seconds > LONGEST_SPECTROGRAM;
  const waveform = isLong ? undefined : await toWaveform(await open(), { channel, signal });
  const over = await timelinePicture(segments, { seconds, waveform, labels: classifier.labels });
  const bars = result.speech
    ? [
        {
          svg: await bothThemes((theme) => probabilityBars(result.scores, theme)),
          alt: `Probability of each emotion in ${name}`,
        },
      ]
    : [];
  return {
    title: summary,
    figures: [...bars, { svg: over, alt: `${isLong ? 'Emotions' : 'Spectrogram, and emotions'} over time: ${course}` }],
  };
}

function thinned(segments: readonly EmotionSegment[]): readonly EmotionSegment[] {
  const step = Math.ceil(segments.length / MOST_SEGMENTS);
  return step <= 1 ? segments : segments.filter((_, i) => i % step === 0);
}
