// recordings → mono sound at 16 kHz, cut into pieces of a few seconds, decoded once and kept in .cache

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LabelledDataset } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { SAMPLE_RATE } from '../../src/speech/speechFeatures.ts';
import type { SoundPackage } from './soundPackages.ts';

/** A piece of a recording, at 16 kHz. */
export interface Excerpt {
  /** Path of the recording, and where in it the piece begins. */
  readonly name: string;
  /** Who speaks; of other sounds the package. */
  readonly speaker: string;
  readonly samples: Int16Array;
}

const CACHE = '.cache/speech';
/** Seconds of a piece of music. */
const SECONDS = 8;
/** Pieces of one recording. */
const MOST_PIECES = 16;
const AUDIO = /\.(ogg|oga|wav|mp3|flac|opus)$/i;

/** Pieces of what a package holds, spread evenly over long recordings. */
export async function packageExcerpts(folder: string, from: SoundPackage): Promise<Excerpt[]> {
  return kept(from.name, async function* () {
    for await (const { name, samples } of recordingsOf(folder, from)) {
      const length = SECONDS * SAMPLE_RATE;
      const pieces = Math.max(1, Math.min(MOST_PIECES, Math.floor(samples.length / length)));
      const distance = pieces > 1 ? Math.floor((samples.length - length) / (pieces - 1)) : 0;
      for (let i = 0; i < pieces; i++) {
        const piece = samples.subarray(i * distance, i * distance + length);
        if (!isSilent(piece)) yield { name: `${name}#${i}`, speaker: from.name, samples: piece };
      }
    }
  });
}

/** The recordings of a package, whole: at most so many minutes of each. */
export async function wholeRecordings(folder: string, from: SoundPackage): Promise<Excerpt[]> {
  return kept(`whole-${from.name}`, async function* () {
    for await (const { name, samples } of recordingsOf(folder, from)) {
      if (!isSilent(samples)) yield { name, speaker: from.name, samples };
    }
  });
}

function isSilent(samples: Int16Array): boolean {
  return !samples.some((sample) => Math.abs(sample) > 32);
}

async function* recordingsOf(folder: string, { name, only, not }: SoundPackage) {
  const path = join(folder, name);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && AUDIO.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .filter((file) => (!only || only.test(file)) && !not?.test(file))
    .sort();
  for (const file of files) {
    const samples = await decoded(join(path, file));
    if (samples) yield { name: file, samples };
  }
}

/** The clips of a corpus, whole. */
export async function corpusExcerpts(name: string, dataset: LabelledDataset): Promise<Excerpt[]> {
  return kept(`corpus-${name}`, async function* () {
    for (const recording of dataset) {
      const { samples } = await resample(await recording.waveform(), SAMPLE_RATE);
      const rounded = Int16Array.from(samples, (x) => Math.round(32767 * Math.max(-1, Math.min(1, x))));
      yield { name: recording.name, speaker: recording.speaker ?? '', samples: rounded };
    }
  });
}

const execute = promisify(execFile);

/** The first minutes of any file, by FFmpeg, which takes a tenth of the time that decoders in JavaScript take. */
async function decoded(path: string): Promise<Int16Array | undefined> {
  try {
    const options = [
      '-v',
      'error',
      '-i',
      path,
      '-t',
      '900',
      '-ac',
      '1',
      '-ar',
      String(SAMPLE_RATE),
      '-f',
      's16le',
      '-',
    ];
    const { stdout } = await execute('ffmpeg', options, { encoding: 'buffer', maxBuffer: 2 ** 28 });
    return new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
  } catch (error) {
    console.log(`left out: ${path}: ${(error as Error).message}`);
    return undefined;
  }
}

/** What was kept under a name, or what `make` gives, which is kept from then on. */
async function kept(name: string, make: () => AsyncIterable<Excerpt>): Promise<Excerpt[]> {
  const path = join(CACHE, name);
  try {
    const index = JSON.parse(await readFile(`${path}.json`, 'utf8')) as [string, string, number][];
    const { buffer, byteOffset } = await readFile(`${path}.pcm`);
    let at = byteOffset;
    return index.map(([name, speaker, length]) => {
      const samples = new Int16Array(buffer.slice(at, at + 2 * length));
      at += 2 * length;
      return { name, speaker, samples };
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const excerpts: Excerpt[] = [];
  for await (const excerpt of make()) excerpts.push({ ...excerpt, samples: excerpt.samples.slice() });
  await mkdir(CACHE, { recursive: true });
  await writeFile(
    `${path}.pcm`,
    Buffer.concat(excerpts.map(({ samples: s }) => Buffer.from(s.buffer, s.byteOffset, s.byteLength))),
  );
  await writeFile(
    `${path}.json`,
    JSON.stringify(excerpts.map(({ name, speaker, samples }) => [name, speaker, samples.length])),
  );
  console.log(`${name}: ${excerpts.length} pieces`);
  return excerpts;
}
