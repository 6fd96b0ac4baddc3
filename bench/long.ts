// two hours of stereo at 44.1 kHz, from a path → their timeline: time, memory, turns for timers

import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeWav } from '../test/support/wav.ts';
import { speech } from './clip.ts';
import { caseOf, spreadOf } from './measure.ts';
import type { Outcome } from './result.ts';

const RATE = 44_100;
const HOURS = 2;
/** What is written over and over: somebody speaking, whom both channels have. */
const BLOCK_SECONDS = 60;

const child = fileURLToPath(new URL('children/timeline.mjs', import.meta.url));

/** What bench/children/timeline.mjs tells. */
interface Run {
  readonly ms: number;
  readonly seconds: number;
  readonly segments: number;
  readonly bytes: number;
  readonly peakMb: number;
  readonly longestTurnMs: number;
}

export async function long(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'long-'));
  try {
    const wav = await writeWav(folder);
    const mp3 = await writeMp3(folder);
    const cases = [wav, mp3].filter((file) => file !== undefined).flatMap((file) => casesOf(file));
    return { cases, missing: mp3 ? [] : ['MP3: ffmpeg is not installed'] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function casesOf(file: string) {
  const run: Run = JSON.parse(execFileSync(process.execPath, [child, file], { encoding: 'utf8' }));
  const kind = file.endsWith('mp3') ? 'MP3' : 'WAV';
  const about = { case: `timeline of ${HOURS} h of ${kind}, stereo at 44.1 kHz`, backend: 'wasm' };
  const note = `${kind} of ${(run.bytes / 1e6).toFixed(0)} MB from a path; ${run.segments} segments, one every half second`;
  const once = (value: number, unit: 'ms' | 's' | 'MB') => spreadOf([value], unit);
  return [
    caseOf(
      { ...about, against: 'real time', floor: 60, aim: 150, note },
      once(run.ms / 1000, 's'),
      once(run.seconds, 's'),
    ),
    caseOf({ ...about, against: '400 MB of memory', floor: 1, aim: 1.333 }, once(run.peakMb, 'MB'), once(400, 'MB')),
    caseOf(
      { ...about, against: '50 ms without a turn', floor: 1, aim: 2.5 },
      once(run.longestTurnMs, 'ms'),
      once(50, 'ms'),
    ),
  ];
}

async function writeWav(folder: string): Promise<string> {
  const path = join(folder, 'long.wav');
  const block = await stereoBlock();
  const header = block.subarray(0, 44);
  const samples = block.subarray(44);
  const times = (HOURS * 3600) / BLOCK_SECONDS;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  view.setUint32(4, 36 + times * samples.length, true);
  view.setUint32(40, times * samples.length, true);
  const file = await open(path, 'w');
  await file.write(header);
  for (let i = 0; i < times; i++) await file.write(samples);
  await file.close();
  return path;
}

/** Of frames alone, so that a minute's can follow a minute's. */
async function writeMp3(folder: string): Promise<string | undefined> {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const minute = join(folder, 'minute.mp3');
  const options = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-i',
    '-',
    '-b:a',
    '128k',
    '-write_xing',
    '0',
    '-id3v2_version',
    '0',
  ];
  execFileSync('ffmpeg', [...options, minute], { input: await stereoBlock() });
  const path = join(folder, 'long.mp3');
  const frames = await readFile(minute);
  const file = await open(path, 'w');
  for (let i = 0; i < (HOURS * 3600) / BLOCK_SECONDS; i++) await file.write(frames);
  await file.close();
  return path;
}

async function stereoBlock(): Promise<Uint8Array> {
  const left = await speech(BLOCK_SECONDS, RATE);
  return encodeWav([left, left.map((sample) => 0.8 * sample)], RATE);
}
