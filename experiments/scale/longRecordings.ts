// RAVDESS → recordings of many minutes, joined from its clips, and some that are broken

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Waveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { openRavdess } from 'speech-emotion/node';
import { createMp3Encoder } from 'wasm-media-encoders';
import { encodeWav } from '../../cli/test/score/wavFiles.ts';
import type { Mp3Part } from './scaleFile.ts';

/** Seconds of silence between clips. */
const PAUSE = 0.5;

/** An archive on disk, and seconds of sound in it, the broken ones left out. */
export interface WrittenArchive {
  readonly folder: string;
  readonly seconds: number;
}

/** What an archive is made of. */
export interface ArchiveSize {
  /** Of each recording. */
  readonly minutes: number;
  readonly most: number;
  readonly broken?: boolean;
  /** WAV files at the rate that clips are published in, unless given. */
  readonly mp3?: Pick<Mp3Part, 'sampleRate' | 'kilobits'>;
}

/** Joins clips, actor after actor, and writes them. */
export async function writeRecordings(data: string, folder: string, size: ArchiveSize): Promise<WrittenArchive> {
  const { minutes, most, broken, mp3 } = size;
  mkdirSync(folder, { recursive: true });
  let [count, seconds] = [0, 0];
  for await (const sound of joined(data, 60 * minutes)) {
    const file = mp3 ? await encodeMp3(sound, mp3) : encodeWav([sound.samples], sound.sampleRate);
    writeFileSync(join(folder, `recording-${String(count).padStart(3, '0')}.${mp3 ? 'mp3' : 'wav'}`), file);
    if (broken && count % 4 === 0) writeFileSync(join(folder, `broken-${count}.wav`), file.subarray(60, 4000));
    seconds += sound.samples.length / sound.sampleRate;
    if (++count === most) break;
  }
  return { folder, seconds };
}

/** Clips one after the other, in recordings of some seconds or a little more. */
async function* joined(data: string, seconds: number): AsyncGenerator<Waveform> {
  let parts: Float32Array[] = [];
  let [length, rate] = [0, 0];
  const all = () => {
    const samples = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      samples.set(part, at);
      at += part.length;
    }
    [parts, length] = [[], 0];
    return { samples, sampleRate: rate };
  };
  for (const recording of await openRavdess(data)) {
    const { samples, sampleRate } = await recording.waveform();
    rate = sampleRate;
    parts.push(samples, new Float32Array(PAUSE * rate));
    length += samples.length + PAUSE * rate;
    if (length >= seconds * rate) yield all();
  }
  if (length > 0) yield all();
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
