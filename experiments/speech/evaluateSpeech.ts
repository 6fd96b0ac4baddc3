// corpora, music and other sounds, detectors of speech → how often each is wrong, and what it costs: npm run evaluate:speech

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RandomStream } from 'speech-emotion/layers';
import { openRavdess } from 'speech-emotion/node';
import { readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { threshold } from '../../src/pretrained/speech.ts';
import { SAMPLE_RATE } from '../../src/speech/speechFeatures.ts';
import { WEIGHTS } from '../../src/speech/speechNetwork.ts';
import { readResult } from '../results/resultStore.ts';
import { costOfDetector } from './cost.ts';
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
the library's own has learnt from, but for corpora that are marked so. A run that was stopped resumes at what is not in the file of results.

  --data ZIP        the archive of RAVDESS' speech
  --songs ZIP       the archive of its songs
  --corpora FOLDER  archives of the other corpora
  --sounds FOLDER   packages of Debian, unpacked, each in a folder of its name: npm run fetch:sounds
  --silero FILE     silero_vad_v5.onnx, of the package @ricky0123/vad-web (dist)
  --most N          clips of a kind that are asked about; of clean speech the own detector is asked about all (default: 200)
  --most-silero N   clips of a kind that Silero's is asked about (default: 40)
  --out FILE        default: docs/results/speech.json
`;

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

function mixedUp(clips: readonly Excerpt[], name: string): Excerpt[] {
  return new RandomStream(4, 'order', name).shuffle([...clips]);
}

/** How many of the first clips each detector has wrong. */
async function asked(
  detectors: readonly Detector[],
  clips: readonly Clip[],
  isSpeech: boolean,
  change = plain,
): Promise<Errors> {
  const counts = detectors.map(({ name, most }) => ({ name, clips: Math.min(most, clips.length), wrong: 0 }));
  for (const [i, clip] of clips.entries()) {
    const asking = detectors.filter(({ most }) => i < most);
    if (asking.length === 0) break;
    const samples = clip instanceof Float32Array ? clip : change(clip);
    for (const { name, hasSpeech } of asking) {
      if ((await hasSpeech(samples)) !== isSpeech) counts.find((count) => count.name === name)!.wrong++;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Object.fromEntries(counts.map(({ name, ...count }) => [name, count]));
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
  change,
  errors,
}: {
  readonly name: string;
  readonly change?: string;
  readonly errors: Errors;
}): string {
  const shares = Object.entries(errors).map(([detector, { clips, wrong }]) => `${detector} ${wrong} of ${clips}`);
  return `${name}${change ? `, ${change}` : ''}: wrong: ${shares.join(', ')}`;
}

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string' },
    songs: { type: 'string' },
    corpora: { type: 'string' },
    sounds: { type: 'string' },
    silero: { type: 'string' },
    most: { type: 'string', default: '200' },
    'most-silero': { type: 'string', default: '40' },
    out: { type: 'string', default: 'docs/results/speech.json' },
  });
  const { data, corpora, sounds, songs } = options;
  if (!data || !corpora || !sounds)
    throw new UsageError('Cannot evaluate: --data, --corpora and --sounds must be given');
  const paths = { data, corpora, sounds };
  const most = wholeNumber('most', options.most);
  const detectors = await openDetectors(options.silero, most, wholeNumber('most-silero', options['most-silero']));
  const kept = readResult<SpeechResults>(options.out);
  const results: SpeechResults = kept ?? {
    detector: {
      weights: WEIGHTS,
      bytes: (await readFile(new URL('../../src/pretrained/speech.ts', import.meta.url))).length,
      threshold,
    },
    cost: await costOfDetector(),
    detectors: detectors.map(({ name }) => name),
    ...{ silent: [], music: [], speech: [], singing: [] },
  };

  const save = async <T extends { readonly name: string; readonly errors: Errors }>(list: T[], entry: T) => {
    list.push(entry);
    console.log(line(entry));
    await mkdir(dirname(options.out), { recursive: true });
    await writeFile(options.out, `${JSON.stringify(results, undefined, 2)}\n`);
  };
  const isThere = (list: readonly { readonly name: string }[], one: string) => list.some(({ name }) => name === one);

  for (const [name, clips] of Object.entries(syntheticClips())) {
    if (isThere(results.silent, name)) continue;
    await save(results.silent, { name, errors: await asked(detectors, clips, false) });
  }
  for (const { from, pieces } of await otherSounds(paths, 'test')) {
    const { name, kind } = from;
    if (isThere(results.music, name) || isThere(results.speech, name)) continue;
    const errors = await asked(detectors, mixedUp(pieces, name), kind === 'speech');
    if (kind === 'speech') await save(results.speech, { name, change: 'clean', learnt: false, errors });
    else {
      const whole =
        kind === 'music' && (await asked(detectors.slice(0, 2), await wholeRecordings(sounds, from), false));
      await save(results.music, { name, kind, errors, ...(whole && { whole }) });
    }
  }
  for (const [name, all] of Object.entries(await speechClips(paths, ['ravdess', ...LEARNT, ...TESTED]))) {
    const learnt = !(TESTED as readonly string[]).includes(name);
    for (const [change, apply] of Object.entries(CHANGES)) {
      if (results.speech.some((one) => one.name === name && one.change === change)) continue;
      const asking =
        change === 'clean' ? detectors.map((one, i) => (i === 0 ? { ...one, most: all.length } : one)) : detectors;
      const errors = await asked(asking, mixedUp(all, name), true, apply(name));
      await save(results.speech, { name, change, learnt, errors });
    }
  }
  if (songs && results.singing.length === 0) {
    const clips = mixedUp(await corpusExcerpts('songs', await openRavdess(songs)), 'songs');
    await save(results.singing, { name: 'RAVDESS, songs', errors: await asked(detectors, clips, false) });
  }
  console.log(`${options.out}: ${SOUND_PACKAGES.filter(({ part }) => part === 'test').length} packages`);
});
