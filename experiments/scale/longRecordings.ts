// RAVDESS → recordings of many minutes, joined from its clips, and some that are broken

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRavdess } from 'speech-emotion/node';
import { encodeWav } from '../../cli/test/score/wavFiles.ts';

/** Seconds of silence between clips. */
const PAUSE = 0.5;

/**
 * Joins clips, actor after actor, and writes them at the rate they are published in.
 *
 * @param minutes of each recording
 * @param most recordings
 * @returns seconds of sound in all, the broken ones left out
 */
export async function writeRecordings(
  data: string,
  folder: string,
  { minutes, most, broken }: { readonly minutes: number; readonly most: number; readonly broken: boolean },
): Promise<number> {
  mkdirSync(folder, { recursive: true });
  let parts: Float32Array[] = [];
  let length = 0;
  let count = 0;
  let seconds = 0;
  let rate = 0;
  const write = () => {
    const joined = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    const file = encodeWav([joined], rate);
    writeFileSync(join(folder, `recording-${String(count).padStart(3, '0')}.wav`), file);
    if (broken && count % 4 === 0) writeFileSync(join(folder, `broken-${count}.wav`), file.subarray(60, 4000));
    seconds += length / rate;
    count++;
    parts = [];
    length = 0;
  };
  for (const recording of await openRavdess(data)) {
    const { samples, sampleRate } = await recording.waveform();
    rate = sampleRate;
    parts.push(samples, new Float32Array(PAUSE * rate));
    length += samples.length + PAUSE * rate;
    if (length < minutes * 60 * rate) continue;
    write();
    if (count === most) return seconds;
  }
  if (length > 0) write();
  return seconds;
}
