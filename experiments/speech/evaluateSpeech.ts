// corpora, music and other sounds, detectors of speech → how often each is wrong, and what it costs: npm run evaluate:speech

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RandomStream } from 'speech-emotion/layers';
import { openRavdess } from 'speech-emotion/node';
import { readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { threshold } from '../../src/pretrained/speech.ts';
import { SAMPLE_RATE } from '../../src/speech/speechFeatures.ts';
import { WEIGHTS } from '../../src/speech/speechNetwork.ts';
import { activeLevel, inRoom, telephoned, whispered } from './degrade.ts';
import { type Detector, openDetectors } from './detectors.ts';
import { corpusExcerpts, type Excerpt, wholeRecordings } from './excerpts.ts';
import { SOUND_PACKAGES } from './soundPackages.ts';
import type { Errors, SpeechResults } from './speechResults.ts';
import { LEARNT, otherSounds, speechClips, TESTED } from './speechSounds.ts';
import { SYNTHETIC } from './syntheticSounds.ts';
import { noisy } from './threshold.ts';

const USAGE = `
npm run evaluate:speech -- --data ZIP --corpora FOLDER --sounds FOLDER [options]

Asks detectors of speech about clips of corpora, clean and changed, and about silence, noise, tones, music and effects, none of which
the library's own has learnt from, but for corpora that are marked so.

  --data ZIP        the archive of RAVDESS' speech
  --songs ZIP       the archive of its songs
  --corpora FOLDER  archives of the other corpora
  --sounds FOLDER   packages of Debian, unpacked, each in a folder of its name: npm run fetch:sounds
  --silero FILE     silero_vad_v5.onnx, of the package @ricky0123/vad-web (dist)
  --most N          clips of a corpus, and pieces of music of a package, that are asked about (default: 200)
  --out FILE        default: docs/results/speech.json
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string' },
    songs: { type: 'string' },
    corpora: { type: 'string' },
    sounds: { type: 'string' },
    silero: { type: 'string' },
    most: { type: 'string', default: '200' },
    out: { type: 'string', default: 'docs/results/speech.json' },
  });
  const { data, corpora, sounds, songs } = options;
  if (!data || !corpora || !sounds)
    throw new UsageError('Cannot evaluate: --data, --corpora and --sounds must be given');
  const paths = { data, corpora, sounds };
  const most = wholeNumber('most', options.most);
  const detectors = await openDetectors(options.silero);
  const results: SpeechResults = {
    detector: {
      weights: WEIGHTS,
      bytes: (await readFile(new URL('../../src/pretrained/speech.ts', import.meta.url))).length,
      threshold,
    },
    detectors: detectors.map(({ name }) => name),
    ...{ most, silent: [], music: [], speech: [], singing: [] },
  };

  for (const [name, clips] of Object.entries(syntheticClips())) {
    results.silent.push({ name, ...(await asked(detectors, clips, false)) });
    console.log(line(results.silent.at(-1)!));
  }
  for (const { from, pieces } of await otherSounds(paths, 'test')) {
    const clips = some(pieces, most, from.name);
    const errors = await asked(detectors, clips, from.kind === 'speech');
    if (from.kind === 'speech') {
      results.speech.push({ name: from.name, change: 'clean', learnt: false, ...errors });
      console.log(line(results.speech.at(-1)!));
      continue;
    }
    const whole = from.kind === 'music' ? some(await wholeRecordings(sounds, from), most, from.name) : [];
    const ofWhole = whole.length > 0 && { whole: await asked(detectors, whole, false) };
    results.music.push({ name: from.name, kind: from.kind, ...errors, ...ofWhole });
    console.log(line(results.music.at(-1)!));
  }
  const names = ['ravdess', ...LEARNT, ...TESTED];
  for (const [name, all] of Object.entries(await speechClips(paths, names))) {
    const learnt = !(TESTED as readonly string[]).includes(name);
    for (const [change, apply] of Object.entries(CHANGES)) {
      const clips = some(all, change === 'clean' ? Number.POSITIVE_INFINITY : most, name);
      // Others are asked about some, as they take their time.
      const own = change === 'clean' ? await asked(detectors.slice(0, 1), clips.map(apply(name)), true) : undefined;
      const errors = await asked(detectors, some(all, most, name).map(apply(name)), true);
      results.speech.push({ name, change, learnt, ...errors, ...(own && { all: own }) });
      console.log(line(results.speech.at(-1)!));
    }
  }
  if (songs) {
    const clips = some(await corpusExcerpts('songs', await openRavdess(songs)), most, 'songs').map(
      CHANGES.clean!('songs'),
    );
    results.singing.push({ name: 'ravdess songs', ...(await asked(detectors, clips, false)) });
    console.log(line(results.singing[0]!));
  }
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`${options.out}: ${SOUND_PACKAGES.filter(({ part }) => part === 'test').length} packages`);
});

type Clip = Float32Array | Excerpt;

/** How speech comes: clean, by telephone (300 to 3400 Hz, µ-law at 8 kHz), in noise, in a room, whispered, quiet. */
const CHANGES: Record<string, (name: string) => (clip: Excerpt) => Float32Array> = {
  clean: () => plain,
  telephone: () => (clip) => telephoned(plain(clip)),
  'noise 10 dB': (name) => (clip) => noisy(plain(clip), new RandomStream(3, 'noise', name, clip.name)),
  room: (name) => (clip) => inRoom(plain(clip), new RandomStream(3, 'room', name, clip.name), 0.5),
  whispered: (name) => (clip) => whispered(plain(clip), new RandomStream(3, 'whisper', name, clip.name)),
  '-40 dB': () => (clip) => plain(clip).map((x) => Math.round(32768 * 0.01 * x) / 32768),
};

function plain({ samples }: Excerpt): Float32Array {
  return Float32Array.from(samples, (x) => x / 32768);
}

function some<T extends Excerpt>(clips: readonly T[], most: number, name: string): T[] {
  return new RandomStream(4, 'some', name).shuffle([...clips]).slice(0, most);
}

/** How many each detector has wrong. */
async function asked(detectors: readonly Detector[], clips: readonly Clip[], isSpeech: boolean): Promise<Errors> {
  const wrong: Record<string, number> = Object.fromEntries(detectors.map(({ name }) => [name, 0]));
  for (const clip of clips) {
    const samples = clip instanceof Float32Array ? clip : plain(clip);
    for (const { name, hasSpeech } of detectors) if ((await hasSpeech(samples)) !== isSpeech) wrong[name]!++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { clips: clips.length, wrong };
}

/** Silence, and each synthetic kind at levels from −70 to 0 dB below full scale, of 1 to 10 seconds. */
function syntheticClips(): Record<string, Float32Array[]> {
  const seconds = [1, 3, 10];
  const levels = [-70, -60, -50, -40, -30, -20, -10, -3, 0];
  const clips: Record<string, Float32Array[]> = {
    'digital silence': seconds.map((length) => new Float32Array(length * SAMPLE_RATE)),
    'silence with the last bit of 16 flickering': seconds.map((length) => {
      const random = new RandomStream(5, 'flicker', length);
      return Float32Array.from({ length: length * SAMPLE_RATE }, () => Math.round(random.uniform(-1, 1)) / 32768);
    }),
  };
  for (const [name, make] of Object.entries(SYNTHETIC)) {
    clips[name] = levels.flatMap((level) =>
      seconds.flatMap((length) =>
        [0, 1].map((i) => {
          const samples = make(new RandomStream(5, name, level, length, i), length * SAMPLE_RATE);
          const gain = 10 ** (level / 20) / (Math.SQRT2 * activeLevel(samples) || 1);
          return samples.map((x) => Math.max(-1, Math.min(1, gain * x)));
        }),
      ),
    );
  }
  return clips;
}

function line({
  name,
  clips,
  wrong,
  ...more
}: Errors & { readonly name: string; readonly change?: string; readonly whole?: Errors }) {
  const shares = Object.entries(wrong).map(
    ([detector, count]) => `${detector} ${((100 * count) / clips).toFixed(2)} %`,
  );
  const whole = more.whole ? `; whole: ${more.whole.clips}, ${JSON.stringify(more.whole.wrong)}` : '';
  return `${name}${more.change ? `, ${more.change}` : ''}: ${clips} clips, wrong: ${shares.join(', ')}${whole}`;
}
