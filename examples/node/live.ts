// raw samples on standard input → the emotion of the moment: arecord -q -f S16_LE -r 16000 -c 1 -t raw | npx tsx examples/node/live.ts

import { EmotionClassifier, EmotionMonitor, type StreamSegment } from 'speech-emotion';
import { modelDirectory, pcm } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';
import { verdictWithShares } from '../../cli/src/drawing/verdict.ts';
import { useBackend } from './backend.ts';
import { bars } from './bars.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from './commandLine.ts';

const USAGE = `
arecord -q -f S16_LE -r 16000 -c 1 -t raw | npx tsx examples/node/live.ts [options]
ffmpeg -v error -i FILE -f s16le -ar 16000 -ac 1 - | npx tsx examples/node/live.ts --file

Reads raw samples, 16 bits little-endian, and shows the emotion of the moment; Ctrl-C ends it with a summary.

  --rate HZ         samples per second (default: 16000)
  --channels N      default: 1
  --file            the sound is not live: nothing is dropped, however fast it comes
  --hop SECONDS     from one result to the next (default: 0.5)
  --model FOLDER    a model of your own (default: the one that comes with the package)
  --backend NAME    wasm, cpu or webgpu (default: wasm)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    rate: { type: 'string', default: '16000' },
    channels: { type: 'string', default: '1' },
    file: { type: 'boolean', default: false },
    hop: { type: 'string', default: '0.5' },
    model: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
  });
  if (process.stdin.isTTY) throw new UsageError('Cannot listen: samples must come on standard input. Try --help.');
  await useBackend(options.backend);
  using classifier = await EmotionClassifier.load(options.model ? modelDirectory(options.model) : pretrained);
  const signal = interruptible('Stopped.');
  const show = process.stdout.isTTY ? redraw() : (lines: string) => console.log(lines);
  const monitor = new EmotionMonitor({
    rules: classifier.labels.map((emotion) => ({
      ...{ emotion, for: 10 },
      onRule: ({ start }) => console.log(`${clock(start)} ${emotion} for ten seconds`),
    })),
  });
  const source = pcm(process.stdin, { channels: wholeNumber('channels', options.channels) });
  const stream = classifier.stream(source, {
    sampleRate: wholeNumber('rate', options.rate),
    hopSeconds: Number(options.hop),
    whenBehind: options.file ? 'wait' : 'drop',
    smoothing: {},
    signal,
  });
  try {
    for await (const segment of stream) {
      monitor.observe(segment);
      show(process.stdout.isTTY ? lineWithBars(segment) : line(segment));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const { seconds, speechSeconds, emotions, dropped } = monitor.summary();
  console.log(
    `\n${clock(seconds)} of sound, ${clock(speechSeconds)} of speech${dropped ? `; ${dropped} results dropped` : ''}`,
  );
  const scores = Object.entries(emotions).map(([label, { share }]) => ({ label, score: share }));
  if (scores.length > 0) console.log(bars(scores));
});

function line(segment: StreamSegment): string {
  const what = segment.speech ? verdictWithShares(segment) : '–';
  return `${clock(segment.end)} ${what}${segment.dropped ? `, ${segment.dropped} dropped before` : ''}`;
}

function lineWithBars(segment: StreamSegment): string {
  return segment.speech ? `${line(segment)}\n${bars(segment.scores)}` : line(segment);
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
}

/** Writes lines over those before. */
function redraw(): (lines: string) => void {
  let height = 0;
  return (lines) => {
    process.stdout.write(`${height > 0 ? `\x1b[${height}A\x1b[J` : ''}${lines}\n`);
    height = lines.split('\n').length;
  };
}
