// seconds → noise as a WAV file, or somebody speaking, loud from end to end so that nothing is trimmed

import { readFile } from 'node:fs/promises';
import { toWaveform } from 'speech-emotion';
import { resample, trimSilence } from 'speech-emotion/features';
import { RandomStream } from 'speech-emotion/layers';

/** Bytes of a mono WAV file of 16 bits at 16 kHz. */
export function noiseClip(seconds: number): Uint8Array {
  const sampleRate = 16_000;
  const samples = Math.round(seconds * sampleRate);
  const bytes = Buffer.alloc(44 + 2 * samples);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // mono
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(2 * sampleRate, 28);
  bytes.writeUInt16LE(2, 32); // bytes a frame
  bytes.writeUInt16LE(16, 34); // bits a sample
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples, 40);
  const stream = new RandomStream(1, 'noise');
  for (let i = 0; i < samples; i++) bytes.writeInt16LE(Math.round(3000 * Math.tanh(stream.normal())), 44 + 2 * i);
  return bytes;
}

/** One of the example clips, again and again: what classifies hears that it is speech. */
export async function speech(seconds: number, sampleRate: number): Promise<Float32Array> {
  const file = await readFile(new URL('../examples/clips/lively.wav', import.meta.url));
  const { samples } = await resample(trimSilence(await toWaveform(file), { keepSeconds: 0 }), sampleRate);
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => samples[i % samples.length]!);
}
