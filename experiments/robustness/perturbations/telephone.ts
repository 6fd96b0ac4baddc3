// Waveform → Waveform as a telephone transmits it, at 8 kHz
//
// The band is that of an analogue telephone line, cut out by a linear-phase FIR filter: the ideal one, a difference of two
// sincs, in a Hamming window. It is 6 dB down at either edge, flat from 60 Hz inside and 50 dB down from 60 Hz outside.

import type { Waveform } from 'speech-emotion';
import { makeWindow, resample } from 'speech-emotion/features';

const SAMPLE_RATE = 8_000;
const LOWEST_HZ = 300;
const HIGHEST_HZ = 3_400;
/** Samples that the filter reaches to either side: 16 ms. */
const REACH = 127;

const filter = bandPass();

/** Brings a waveform to 8 kHz and filters it, without delay. */
export async function throughTelephone(waveform: Waveform): Promise<Waveform> {
  const { samples } = await resample(waveform, SAMPLE_RATE);
  const filtered = samples.map((_, at) => {
    let sum = 0;
    const end = Math.min(samples.length, at + REACH + 1);
    for (let i = Math.max(0, at - REACH); i < end; i++) sum += samples[i]! * filter[i - at + REACH]!;
    return sum;
  });
  return { samples: filtered, sampleRate: SAMPLE_RATE };
}

function bandPass(): Float64Array {
  // A periodic window begins with its smallest value, which does not come again at its end: without it, it is symmetric.
  const window = makeWindow('hamming', 2 * (REACH + 1)).subarray(1);
  return window.map((weight, i) => weight * (lowPass(HIGHEST_HZ, i - REACH) - lowPass(LOWEST_HZ, i - REACH)));
}

/** The ideal low-pass filter's coefficient, `n` samples from its middle. */
function lowPass(hz: number, n: number): number {
  const cycles = (2 * hz) / SAMPLE_RATE;
  return n === 0 ? cycles : Math.sin(Math.PI * cycles * n) / (Math.PI * n);
}
