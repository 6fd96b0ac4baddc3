// recordings → a bar for each emotion, and a report with charts: npm start [-- FILE…]

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmotionClassifier, toWaveform } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';
import { verdict, verdictWithShares } from '../../cli/src/drawing/verdict.ts';
import { page, type Section } from '../../cli/src/report/page.ts';
import { probabilityBars } from '../../cli/src/report/probabilityBars.ts';
import { spectrogram } from '../../cli/src/report/spectrogram.ts';
import { useBackend } from './backend.ts';
import { bars } from './bars.ts';
import { readArguments, run } from './commandLine.ts';
import { showProgress } from './progress.ts';

const USAGE = `
npm start [-- [options] [FILE…]]

Recognises the emotion of speech in sound files; without files, in clips made by a speech synthesiser. Files may be WAV (also ADPCM and
GSM 6.10), AIFF, AU, Wave64, SPHERE, CAF, FLAC, MP3, Vorbis and Opus in Ogg or WebM, and M4A and AAC once the packages mediabunny and
@mediabunny/server are installed.

  --model FOLDER    a model of your own, as npm run train leaves it (default: the one that comes with the package)
  --out FOLDER      where the report goes (default: runs/report)
  --backend NAME    wasm, cpu or webgpu (default: wasm)
`;

const LIMITS =
  'The model was trained on actors who speak two English sentences with an acted emotion. It recognises what a voice ' +
  'sounds like, not what someone feels; it is neither a lie detector nor a medical device.';

await run(async () => {
  const { positionals, backend, model, out } = readArguments(USAGE, {
    backend: { type: 'string', default: 'wasm' },
    model: { type: 'string' },
    out: { type: 'string', default: 'runs/report' },
  });
  const clips = fileURLToPath(new URL('../clips/', import.meta.url));
  const shipped = async () =>
    (await readdir(clips)).filter((name) => name.endsWith('.wav')).map((name) => join(clips, name));
  const files = positionals.length > 0 ? positionals : await shipped();
  await useBackend(backend);
  using classifier = await EmotionClassifier.load(model ? modelDirectory(model) : pretrained);

  const sections: Section[] = [];
  for (const file of files) {
    try {
      sections.push(await examine(classifier, file));
    } catch (error) {
      console.error(`\n${file}: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  if (sections.length === 0) return;
  await mkdir(out, { recursive: true });
  const report = join(out, 'index.html');
  await writeFile(report, page('Emotion in speech', sections, LIMITS));
  console.log(`\nReport with spectrograms and timelines: ${relative('', report)}`);
});

/** Classifies one file, prints the result, and gives its section of the report. */
async function examine(classifier: EmotionClassifier, file: string): Promise<Section> {
  const waveform = await toWaveform(await readFile(file));
  const result = await classifier.classify(waveform);
  const duration = waveform.samples.length / waveform.sampleRate;
  const progress = showProgress(basename(file), 1);
  const segments = await classifier.timeline(waveform, {
    onProgress: ({ segment }) => progress.update(segment.end / duration),
  });
  progress.stop();
  const seconds = duration.toFixed(1);
  const summary = `${basename(file)}, ${seconds} s: ${verdictWithShares(result)}`;
  console.log(`\n${summary}${result.speech ? `\n${bars(result.scores)}` : ''}`);
  const course = segments.map((segment) => `${segment.start.toFixed(1)} s ${verdict(segment)}`).join(', ');
  const probabilities = result.speech
    ? [{ svg: await probabilityBars(result.scores), alt: `Probability of each emotion in ${basename(file)}` }]
    : [];
  return {
    title: summary,
    figures: [
      ...probabilities,
      { svg: await spectrogram(waveform, segments), alt: `Spectrogram, and emotions over time: ${course}` },
    ],
  };
}
