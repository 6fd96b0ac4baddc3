// Waveform → Waveform as a telephone transmits it, at 8 kHz
//
// The band of a line by a linear-phase FIR filter: the ideal one, a difference of two sincs, in a Hamming window. It is 6 dB down at
// 300 and 3400 Hz, flat from 60 Hz inside and 50 dB down from 60 Hz outside. Then a codec, there and back.

import { A_LAW, encodeALaw, encodeMuLaw, MU_LAW } from './formats/g711.ts';
import { frameDecoder } from './formats/gsm.ts';
import { FRAME } from './formats/gsmCodes.ts';
import { frameEncoder } from './formats/gsmEncoder.ts';
import { resampleUnchecked } from './resample.ts';
import type { Waveform } from './waveform.ts';

/** The codecs of telephones: G.711 of landlines in America and elsewhere, and GSM 06.10 of mobile phones. */
export const TELEPHONE_CODECS = {
  muLaw: (samples: Float32Array) => samples.map((sample) => MU_LAW[encodeMuLaw(sample)]!),
  aLaw: (samples: Float32Array) => samples.map((sample) => A_LAW[encodeALaw(sample)]!),
  gsm: throughGsm,
} as const;

/** Samples a second. */
const RATE = 8000;
const LOWEST_HZ = 300;
const HIGHEST_HZ = 3400;
/** Samples that the filter reaches to either side: 16 ms. */
const REACH = 127;
/** What the codec gets, as by the gain control of telephones: half of full scale at the peak. */
const PEAK = 0.5;

/** Brings a waveform to 8 kHz and cuts the band out of it, without delay. */
export async function telephoneBand(waveform: Waveform): Promise<Waveform> {
  const { samples } = await resampleUnchecked(waveform, RATE);
  return { samples: filtered(samples), sampleRate: RATE };
}

/** {@link telephoneBand}, and then through a codec, at its own level. */
export async function throughTelephone(waveform: Waveform, codec: keyof typeof TELEPHONE_CODECS): Promise<Waveform> {
  const { samples: band } = await telephoneBand(waveform);
  const peak = band.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (peak === 0) return { samples: band, sampleRate: RATE };
  const sent = TELEPHONE_CODECS[codec](band.map((sample) => (sample * PEAK) / peak));
  return { samples: sent.map((sample) => (sample * peak) / PEAK), sampleRate: RATE };
}

function filtered(samples: Float32Array): Float32Array {
  return samples.map((_, at) => {
    let sum = 0;
    const end = Math.min(samples.length, at + REACH + 1);
    for (let i = Math.max(0, at - REACH); i < end; i++) sum += samples[i]! * FILTER[i - at + REACH]!;
    return sum;
  });
}

const FILTER = Float64Array.from({ length: 2 * REACH + 1 }, (_, i) => {
  const hamming = 0.54 + 0.46 * Math.cos((Math.PI * (i - REACH)) / (REACH + 1));
  return hamming * (lowPass(HIGHEST_HZ, i - REACH) - lowPass(LOWEST_HZ, i - REACH));
});

/** The ideal low-pass filter's coefficient, `n` samples from its middle. */
function lowPass(hz: number, n: number): number {
  const cycles = (2 * hz) / RATE;
  return n === 0 ? cycles : Math.sin(Math.PI * cycles * n) / (Math.PI * n);
}

/** Encoder and decoder have no delay but that of whole frames: the last is filled up with silence, which is cut off again. */
function throughGsm(samples: Float32Array): Float32Array {
  const [encode, decode] = [frameEncoder(), frameDecoder()];
  const frame = new Int16Array(FRAME);
  const sent = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += FRAME) {
    for (let i = 0; i < FRAME; i++) {
      frame[i] = Math.round(Math.max(-1, Math.min(1, samples[start + i] ?? 0)) * 32_767);
    }
    const codes = encode(frame).values();
    decode(() => codes.next().value!, frame);
    for (let i = 0; i < FRAME && start + i < samples.length; i++) sent[start + i] = frame[i]! / 2 ** 15;
  }
  return sent;
}
