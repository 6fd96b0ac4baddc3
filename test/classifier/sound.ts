// seconds → a waveform with something to hear in it

import type { Waveform } from '../../src/audio/waveform.ts';
import { RandomStream } from '../../src/core/random.ts';

/** Tones under a wandering level, with noise, from a seed. */
export function sound(seconds: number, sampleRate = 16000, seed = 1): Waveform {
  const stream = new RandomStream(seed, 'sound');
  const [base, sway] = [stream.uniform(120, 260), stream.uniform(1, 4)];
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    const level = 0.2 + 0.15 * Math.sin(2 * Math.PI * sway * t);
    const tones = [1, 2, 3, 5].reduce(
      (sum, n) => sum + Math.sin(2 * Math.PI * base * n * t * (1 + 0.1 * Math.sin(t))) / n,
      0,
    );
    return level * 0.4 * tones + 0.002 * stream.normal();
  });
  return { samples, sampleRate };
}
