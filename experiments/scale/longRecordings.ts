// RAVDESS → recordings of many minutes, joined from its clips, and some that are broken

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Waveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { openRavdess } from 'speech-emotion/node';
import { createMp3Encoder } from 'wasm-media-encoders';
import { encodeWav } from '../../cli/test/score/wavFiles.ts';
import { joinArrays } from '../../src/core/joinArrays.ts';
import type { Mp3Part } from './scaleFile.ts';

/** Seconds of silence between clips. */
const PAUSE = 0.5;

/** Clips by which a round is shifted against that before, a prime number: where recordings begin and are cut, they differ. */
const SHIFT = 389;

/** An archive on disk, and seconds of sound in it, the broken ones left out. */
export interface WrittenArchive {
  readonly folder: string;
  readonly seconds: number;
}

/** What an archive is made of. */
export interface ArchiveSize {
  /** Of each recording. */
  readonly minutes: number;
  readonly recordings: number;
  readonly broken?: boolean;
  /** WAV files at the rate that clips are published in, unless given. */
  readonly mp3?: Pick<Mp3Part, 'sampleRate' | 'kilobits'>;
}

/** Joins clips, actor after actor, and writes them; all clips again in another order, as more recordings are asked for. */
export async function writeRecordings(data: string, folder: string, size: ArchiveSize): Promise<WrittenArchive> {
  const { minutes, recordings, broken, mp3 } = size;
  mkdirSync(folder, { recursive: true });
  let [count, seconds] = [0, 0];
  for await (const sound of joined(data, 60 * minutes)) {
    const file = mp3 ? await encodeMp3(sound, mp3) : encodeWav([sound.samples], sound.sampleRate);
    writeFileSync(join(folder, `recording-${String(count).padStart(3, '0')}.${mp3 ? 'mp3' : 'wav'}`), file);
    if (broken && count % 4 === 0) writeFileSync(join(folder, `broken-${count}.wav`), file.subarray(60, 4000));
    seconds += sound.samples.length / sound.sampleRate;
    if (++count === recordings) break;
  }
  return { folder, seconds };
}

/** Clips one after the other, in recordings of some seconds or a little more; a round of all clips begins elsewhere than that before. */
async function* joined(data: string, seconds: number): AsyncGenerator<Waveform> {
  const recordings = [...(await openRavdess(data))];
  let parts: Float32Array[] = [];
  let length = 0;
  for (let i = 0; ; i++) {
    const round = Math.floor(i / recordings.length);
    const { samples, sampleRate } = await recordings[(i + SHIFT * round) % recordings.length]!.waveform();
    parts.push(samples, new Float32Array(PAUSE * sampleRate));
    length += samples.length + PAUSE * sampleRate;
    if (length < seconds * sampleRate) continue;
    yield { samples: joinArrays(Float32Array, parts), sampleRate };
    [parts, length] = [[], 0];
  }
}

async function encodeMp3(sound: Waveform, { sampleRate, kilobits }: NonNullable<ArchiveSize['mp3']>): Promise<Buffer> {
  const { samples } = await resample(sound, sampleRate);
  const lame = await createMp3Encoder();
  lame.configure({ sampleRate, channels: 1, bitrate: kilobits as 128 });
  const parts: Uint8Array[] = [];
  // A minute at a time; copies, as it writes over its own.
  for (let at = 0; at < samples.length; at += 60 * sampleRate) {
    parts.push(lame.encode([samples.subarray(at, at + 60 * sampleRate)]).slice());
  }
  parts.push(lame.finalize().slice());
  return Buffer.concat(parts);
}
