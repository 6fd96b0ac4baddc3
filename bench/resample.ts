// sound at the rates of recorders → 16 kHz, one thread, beside libsamplerate and SoX

import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as libsamplerate from '@alexanderolsen/libsamplerate-js';
import { resample } from 'speech-emotion/features';
import { RandomStream } from 'speech-emotion/layers';
import { encodeWav } from '../test/support/wav.ts';
import { compare, timed } from './measure.ts';
import { type Outcome, versionOf } from './result.ts';

// Its types say that it is a module; Node takes it for CommonJS.
const { create } = ('default' in libsamplerate ? libsamplerate.default : libsamplerate) as typeof libsamplerate;

const TO = 16_000;
const BEST_QUALITY = 0; // libsamplerate's SRC_SINC_BEST_QUALITY
const SECONDS = 10;
const SOX_SECONDS = 300; // so that starting the program counts for nothing

export async function resampling(): Promise<Outcome> {
  const cases = [];
  const sox = soxVersion();
  for (const from of [44_100, 48_000]) {
    const about = { case: `${SECONDS} s from ${from / 1000} to 16 kHz`, backend: 'none' };
    const samples = noise(SECONDS * from);
    const ours = timed(() => resample({ samples, sampleRate: from }, TO));
    const converter = await create(1, from, TO, { converterType: BEST_QUALITY });
    const theirs = timed(() => converter.simple(samples));
    const against = 'libsamplerate-js, best quality';
    cases.push(await compare({ ...about, against, floor: 10, aim: 25, ours, theirs, rounds: 7 }));
    converter.destroy();
    if (sox) cases.push(await besideSox(from));
  }
  return {
    cases,
    missing: sox ? [] : ['SoX: the program is not installed'],
    versions: { 'libsamplerate-js': await versionOf('@alexanderolsen/libsamplerate-js'), ...(sox && { sox }) },
  };
}

async function besideSox(from: number) {
  const folder = await mkdtemp(join(tmpdir(), 'resample-'));
  try {
    const samples = noise(SOX_SECONDS * from);
    const file = join(folder, 'noise.wav');
    await writeFile(file, encodeWav([samples], from));
    const run = () => execFileSync('sox', ['--single-threaded', file, '-t', 'raw', '-', 'rate', '-v', `${TO}`], QUIET);
    return await compare({
      ...{ case: `${SOX_SECONDS} s from ${from / 1000} to 16 kHz`, backend: 'none', against: 'SoX, rate -v' },
      ...{ floor: 0.3, aim: 1, rounds: 5, warmUps: 1, note: "the peer's time includes reading the file and its start" },
      ours: timed(() => resample({ samples, sampleRate: from }, TO)),
      theirs: timed(run),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const QUIET: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'ignore'] };

function noise(length: number): Float32Array {
  const stream = new RandomStream(1);
  return Float32Array.from({ length }, () => 0.1 * stream.normal());
}

function soxVersion(): string | undefined {
  try {
    return execFileSync('sox', ['--version'], { encoding: 'utf8' }).replace(/^.*v/s, '').trim();
  } catch {
    return undefined;
  }
}
