// Waveform → one vector: functionals over time of MFCC, energy and pitch

import { PitchDetector } from 'pitchy';
import { Mfcc, type Waveform } from 'speech-emotion';
import { trimSilence } from 'speech-emotion/features';

/** Cepstral coefficients. */
const COEFFICIENTS = 20;
/** Length of a frame, and the hop from one to the next. */
const [FRAME_SECONDS, HOP_SECONDS] = [0.05, 0.025];
/** Below this clarity a frame counts as unvoiced; pitchy's own examples use 0.9 and more. */
const LEAST_CLARITY = 0.9;
/** The range of speaking and shouting voices. */
const [LOWEST_HZ, HIGHEST_HZ] = [60, 700];

/**
 * Functionals of a clip: mean, standard deviation and percentiles 5, 50 and 95 over time of every MFCC, of its change from frame to
 * frame, of the energy in dB and of the pitch in semitones, and the share of frames that are voiced.
 *
 * @see Eyben et al. 2010 (openSMILE) for the idea, of which this is a small part
 */
export function functionals(waveform: Waveform): Float64Array {
  const { samples, sampleRate } = trimSilence(waveform);
  const [frameLength, hopLength] = [FRAME_SECONDS, HOP_SECONDS].map((seconds) => Math.round(seconds * sampleRate)) as [
    number,
    number,
  ];
  const mfcc = new Mfcc({
    ...{ sampleRate, frameLength, hopLength, fftLength: 2 ** Math.ceil(Math.log2(frameLength)) },
    ...{ melBands: 40, coefficients: COEFFICIENTS, maxHz: 7500 },
  });
  const { data, shape } = mfcc.transform({ samples, sampleRate });
  const frames = shape[0]!;
  const cepstra = Array.from({ length: COEFFICIENTS }, (_, c) =>
    Array.from({ length: frames }, (_, t) => data[t * COEFFICIENTS + c]!),
  );
  const changes = cepstra.map((track) => track.slice(1).map((value, t) => value - track[t]!));
  const { energy, pitch } = energyAndPitch(samples, sampleRate, frameLength, hopLength);
  const tracks = [...cepstra, ...changes, energy, pitch];
  return Float64Array.from([...tracks.flatMap(statistics), pitch.length / Math.max(1, energy.length)]);
}

/** Energy in dB of every frame, and pitch in semitones above 55 Hz of those that are voiced. */
function energyAndPitch(samples: Float32Array, sampleRate: number, frameLength: number, hopLength: number) {
  const detector = PitchDetector.forFloat32Array(frameLength);
  const energy: number[] = [];
  const pitch: number[] = [];
  for (let start = 0; start + frameLength <= samples.length; start += hopLength) {
    const frame = samples.subarray(start, start + frameLength);
    energy.push(10 * Math.log10(frame.reduce((sum, value) => sum + value * value, 0) / frameLength + 1e-10));
    const [hz, clarity] = detector.findPitch(frame, sampleRate);
    if (clarity >= LEAST_CLARITY && hz >= LOWEST_HZ && hz <= HIGHEST_HZ) pitch.push(12 * Math.log2(hz / 55));
  }
  return { energy, pitch };
}

/** Zeros for a track without frames. */
function statistics(track: readonly number[]): number[] {
  if (track.length === 0) return [0, 0, 0, 0, 0];
  const mean = track.reduce((sum, value) => sum + value, 0) / track.length;
  const variance = track.reduce((sum, value) => sum + (value - mean) ** 2, 0) / track.length;
  const sorted = [...track].sort((a, b) => a - b);
  const percentile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return [mean, Math.sqrt(variance), percentile(0.05), percentile(0.5), percentile(0.95)];
}
