// decoded Web Audio → its sound

import type { AudioPiece } from './audioDecoder.ts';

/** All the sound of a buffer, which is not copied. */
export function audioBufferPiece(buffer: AudioBuffer): AudioPiece {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  return { channels, sampleRate: buffer.sampleRate, totalSamples: buffer.length };
}
