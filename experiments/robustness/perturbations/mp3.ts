// Waveform → Waveform, encoded as MP3 at 32 kbit/s and decoded

import { toWaveform, type Waveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { createMp3Encoder } from 'wasm-media-encoders';

/**
 * Samples of silence before the sound: 576 of the encoder, LAME, and 529 of any decoder. Players skip them if LAME's tag says so,
 * but this build of the encoder writes none.
 */
const DELAY = 576 + 529;

let encoder: ReturnType<typeof createMp3Encoder> | undefined;

/**
 * Encodes a waveform at a constant bit rate and decodes it. LAME chooses the rate of the samples inside the file: at 32 kbit/s
 * 16 kHz stay, 48 kHz become 22.05 kHz.
 *
 * @returns as many samples as were given, at the same rate, with neither the delay before nor the padding after
 */
export async function throughMp3({ samples, sampleRate }: Waveform): Promise<Waveform> {
  encoder ??= createMp3Encoder();
  const lame = await encoder; // one for all: nothing is awaited between here and the end of the file
  lame.configure({ sampleRate, channels: 1, bitrate: 32 });
  const parts = [lame.encode([samples]).slice(), lame.finalize().slice()]; // copies, as it writes over its own
  const decoded = await toWaveform(Buffer.concat(parts));
  const sound = { samples: decoded.samples.subarray(DELAY), sampleRate: decoded.sampleRate };
  const resampled = await resample(sound, sampleRate);
  return { samples: resampled.samples.slice(0, samples.length), sampleRate };
}
