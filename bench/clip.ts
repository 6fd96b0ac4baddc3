// seconds → a WAV file of noise, loud from end to end so that nothing is trimmed

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
