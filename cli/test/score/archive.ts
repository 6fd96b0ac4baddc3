// the clips of the examples → an archive with long, broken, doubled and missing recordings, and the rows that one process makes of it

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resample, toWaveform } from 'speech-emotion/features';
import { openSound } from 'speech-emotion/node';
import { openClassifier } from '../../src/openClassifier.ts';
import { encodeWav } from './wavFiles.ts';

/** Seconds from one segment to the next, and of a piece: many of both in little sound. */
export const HOP = 1;
export const PIECE = 60;

/** An archive on disk. */
export interface Archive {
  readonly folder: string;
  /** What `score` is told of. */
  readonly sources: readonly string[];
  /** As `export --format jsonl` writes them. */
  readonly rows: string;
  /** Names of recordings that fail, with the reason. */
  readonly failures: Readonly<Record<string, RegExp>>;
}

/** Writes an archive, and scores it with `timeline` in a loop: the oracle of all tests of queues. */
export async function makeArchive(folder: string): Promise<Archive> {
  mkdirSync(folder, { recursive: true });
  const speech = await clips();
  const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
  put('a long.wav', encodeWav([sound(speech, 190, 16_000, 0)], 16_000));
  put('a copy.wav', encodeWav([sound(speech, 190, 16_000, 0)], 16_000));
  put('b telephone.wav', encodeWav([sound(speech, 135, 8000, 30_000)], 8000));
  put('c stereo.wav', encodeWav([sound(speech, 64, 16_000, 9000), sound(speech, 64, 16_000, 70_000)], 16_000));
  put('d short.wav', encodeWav([sound(speech, 3, 16_000, 50_000)], 16_000));
  put(
    'e noise.wav',
    new Uint8Array(5000).map((_, i) => (i * 7919) % 251),
  );
  put('f empty.wav', new Uint8Array(0));
  put('g damaged.wav', withNaN(sound(speech, 130, 16_000, 20_000), 100 * 16_000));
  const missing = join(folder, 'h missing.wav');

  const classifier = await openClassifier(undefined);
  const rows: string[] = [];
  for (const name of ['a copy.wav', 'a long.wav', 'b telephone.wav', 'c stereo.wav', 'd short.wav']) {
    const file = join(folder, name);
    for (const segment of await classifier.timeline(await openSound(file), { hopSeconds: HOP })) {
      const { start, end, speech, label, confidence, sure, scores } = segment;
      rows.push(JSON.stringify([file, start, end, speech, label, confidence, sure, scores]));
    }
  }
  classifier.dispose();
  return {
    ...{ folder, sources: [folder, missing], rows: rows.join('\n') },
    failures: {
      [join(folder, 'e noise.wav')]: /^Cannot decode audio/,
      [join(folder, 'f empty.wav')]: /^Cannot decode audio/,
      [join(folder, 'g damaged.wav')]: /NaN/,
      [missing]: /ENOENT/,
    },
  };
}

/** Rows of `export --json` in the oracle's form. */
export function comparable(jsonLines: string): string {
  const rows = jsonLines.split('\n').filter((line) => line !== '');
  return rows
    .map((line) => {
      const { file, start, end, speech, label, confidence, sure, sound: _, ...rest } = JSON.parse(line);
      const scores = Object.entries(rest)
        .map(([name, score]) => ({ label: name.replace('score_', ''), score: score as number }))
        .filter(({ score }) => score !== null)
        .sort((a, b) => b.score - a.score);
      const known = speech ? [label, confidence, sure, scores] : [undefined, undefined, undefined, undefined];
      return JSON.stringify([file, start, end, speech, ...known]);
    })
    .join('\n');
}

async function clips(): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (const name of ['lively', 'flat', 'loud', 'slow', 'in-turns']) {
    const file = fileURLToPath(new URL(`../../../examples/clips/${name}.wav`, import.meta.url));
    const { samples } = await resample(await toWaveform(readFileSync(file)), 16_000);
    parts.push(samples, new Float32Array(20_000));
  }
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** So many seconds of the clips, from a sample on, each time a little quieter. */
function sound(speech: Float32Array, seconds: number, sampleRate: number, from: number): Float32Array {
  const step = 16_000 / sampleRate;
  return Float32Array.from({ length: seconds * sampleRate }, (_, i) => {
    const at = from + i * step;
    return (1 - 0.07 * (Math.floor(at / speech.length) % 7)) * speech[at % speech.length]!;
  });
}

/** A WAV file of 32-bit floats, one of which is none. */
function withNaN(samples: Float32Array, at: number): Uint8Array {
  const odd = samples.slice();
  odd[at] = Number.NaN;
  const head = Buffer.from(encodeWav([new Float32Array(1)], 16_000)).subarray(0, 44);
  head.writeUInt16LE(3, 20);
  head.writeUInt32LE(64_000, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(32, 34);
  head.writeUInt32LE(36 + odd.byteLength, 4);
  head.writeUInt32LE(odd.byteLength, 40);
  return new Uint8Array(Buffer.concat([head, Buffer.from(odd.buffer)]));
}
