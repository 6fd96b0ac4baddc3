// Waveform → Waveform, encoded as Opus at 16 kbit/s and decoded

import OpusScript from 'opusscript';
import type { Waveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';

const SAMPLE_RATE = 16_000;
const BITS_PER_SECOND = 16_000;
/** Samples of 20 ms. */
const FRAME = 320;
/** Samples that the codec is late by: 6.5 ms. */
const DELAY = 104;

/**
 * Encodes a waveform as voice messages are, for speech, in one channel, at a constant target of bits, and decodes it.
 *
 * @returns as many samples as were given, at the same rate, without the delay of the codec
 */
export async function throughOpus(waveform: Waveform): Promise<Waveform> {
  const { samples } = await resample(waveform, SAMPLE_RATE);
  const codec = new OpusScript(SAMPLE_RATE, 1, OpusScript.Application.VOIP);
  const decoded = new Float32Array(samples.length + DELAY + FRAME);
  try {
    codec.setBitrate(BITS_PER_SECOND);
    const frame = Buffer.alloc(2 * FRAME);
    for (let start = 0; start < samples.length + DELAY; start += FRAME) {
      for (let i = 0; i < FRAME; i++) {
        const sample = Math.round(32_768 * (samples[start + i] ?? 0));
        frame.writeInt16LE(Math.max(-32_768, Math.min(32_767, sample)), 2 * i);
      }
      const sound = codec.decode(codec.encode(frame, FRAME));
      for (let i = 0; i < FRAME; i++) decoded[start + i] = sound.readInt16LE(2 * i) / 32_768;
    }
  } finally {
    codec.delete();
  }
  const sound = { samples: decoded.slice(DELAY, DELAY + samples.length), sampleRate: SAMPLE_RATE };
  const resampled = await resample(sound, waveform.sampleRate);
  return { samples: resampled.samples.slice(0, waveform.samples.length), sampleRate: waveform.sampleRate };
}
