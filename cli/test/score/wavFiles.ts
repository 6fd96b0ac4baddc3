// channels → a WAV file of 16 bits

/** Encodes samples in [-1, 1]. */
export function encodeWav(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  const frames = channels[0]!.length;
  const block = 2 * channels.length;
  const file = Buffer.alloc(44 + frames * block);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + frames * block, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * block, 28);
  file.writeUInt16LE(block, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(frames * block, 40);
  for (let i = 0, at = 44; i < frames; i++) {
    for (const samples of channels)
      at = file.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(32768 * samples[i]!))), at);
  }
  return new Uint8Array(file);
}
