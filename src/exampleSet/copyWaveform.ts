// Waveform → a copy of it, as something else would have recorded or passed it on

import { resampleUnchecked } from '../audio/resample.ts';
import { throughTelephone } from '../audio/telephone.ts';
import type { Waveform } from '../audio/waveform.ts';
import type { ResolvedCopy } from './copies.ts';

/**
 * Makes a copy.
 *
 * @returns samples at the rate of the waveform, as many as it has
 */
export async function copyWaveform(waveform: Waveform, copy: ResolvedCopy): Promise<Float32Array> {
  const { samples, sampleRate } = waveform;
  if (copy.type === 'clipped') return clipped(samples, copy.excessDb);
  const passed =
    copy.type === 'telephone'
      ? await throughTelephone(waveform, copy.codec)
      : await resampleUnchecked(waveform, Math.min(copy.sampleRate, sampleRate));
  const back = (await resampleUnchecked(passed, sampleRate)).samples;
  // Two roundings may have made it a sample longer or shorter.
  const same = new Float32Array(samples.length);
  same.set(back.subarray(0, samples.length));
  return same;
}

/** Without what lies above the limit, which is so far below the highest peak. */
function clipped(samples: Float32Array, excessDb: number): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const limit = peak * 10 ** (-excessDb / 20);
  return samples.map((sample) => Math.max(-limit, Math.min(limit, sample)));
}
