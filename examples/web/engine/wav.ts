// samples → a WAV file of 16 bits, which every browser plays

import type { Waveform } from 'speech-emotion/features';

/** RIFF with one channel of PCM. */
export function wavOf({ samples, sampleRate }: Waveform): Blob {
  const head = new DataView(new ArrayBuffer(44));
  const bytes = 2 * samples.length;
  const tag = (at: number, text: string) => {
    for (let i = 0; i < 4; i++) head.setUint8(at + i, text.charCodeAt(i));
  };
  tag(0, 'RIFF');
  head.setUint32(4, 36 + bytes, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true); // PCM
  head.setUint16(22, 1, true); // one channel
  head.setUint32(24, sampleRate, true);
  head.setUint32(28, 2 * sampleRate, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  tag(36, 'data');
  head.setUint32(40, bytes, true);
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) pcm[i] = Math.round(32_767 * Math.min(1, Math.max(-1, samples[i]!)));
  return new Blob([head, pcm], { type: 'audio/wav' });
}

/** Pieces of one channel, one after the other. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}
