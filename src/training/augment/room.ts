// a clip → in a room that reverberates

import type { Resolved } from '../../core/check.ts';
import { number, type Part, probability, resolveNumbers } from './part.ts';
import { ratioOf } from './power.ts';

/**
 * The sound of a room: an echo of each moment that decays exponentially, longer at low frequencies, also after the clip's end.
 *
 * Its response is modelled as the direct sound and noise that decays by 60 dB in the reverberation time (Polack 1988). Over all rooms
 * of one reverberation time, the expected power in each bin is then that of the clip convolved with the decay, which is what is
 * computed: exact in expectation, but for the power between frames, which is interpolated linearly. Single rooms scatter around it.
 */
export interface RoomOptions {
  /** Probability that a clip is in a room, in [0, 1]. @default 0.5 */
  readonly probability?: number | undefined;
  /** Shortest reverberation time at 1 kHz, in seconds. @default 0.15 */
  readonly minSeconds?: number | undefined;
  /** Longest, in seconds. @default 0.8 */
  readonly maxSeconds?: number | undefined;
  /** Lowest ratio of direct to reverberant power, in decibels: far from the microphone. @default 0 */
  readonly minRatioDb?: number | undefined;
  /** Highest, close to the microphone. @default 20 */
  readonly maxRatioDb?: number | undefined;
}

/** How much the reverberation time may shrink an octave: 0 to this share of it is drawn. */
const MOST_SHRINKING = 0.2;

/** Draws a room and a distance. */
export const room: Part<RoomOptions | false, Resolved<RoomOptions> | false> = {
  fallback: false,
  needs: 'hertz',
  resolve: (given, name) =>
    resolveNumbers(given as RoomOptions, name, {
      probability: probability(0.5),
      minSeconds: number(0.15, 0.01, 'maxSeconds'),
      maxSeconds: number(0.8, 0.01, 100),
      minRatioDb: number(0, -100, 'maxRatioDb'),
      maxRatioDb: number(20, -100, 100),
    }),
  applyToPowers({ values, bins, from }, options, stream, { hz, framesPerSecond }) {
    const seconds = stream.uniform(options.minSeconds, options.maxSeconds);
    const ratioDb = stream.uniform(options.minRatioDb, options.maxRatioDb);
    const shrinking = stream.uniform(0, MOST_SHRINKING);
    const direct = new Float64Array(bins);
    const entering = new Float64Array(bins);
    const decay = new Float64Array(bins);
    for (let bin = 0; bin < bins; bin++) {
      // From 125 Hz to 8 kHz, over which rooms are measured.
      const octave = Math.log2(Math.min(8000, Math.max(125, hz[bin]!)) / 1000);
      const response = responseOf(seconds * (1 - shrinking) ** octave * framesPerSecond, ratioDb);
      direct[bin] = response.direct;
      entering[bin] = response.entering;
      decay[bin] = response.decay;
    }
    const echo = new Float64Array(bins);
    for (let row = from * bins; row < values.length; row += bins) {
      for (let bin = 0; bin < bins; bin++) {
        const power = values[row + bin] as number;
        const before = echo[bin] as number;
        values[row + bin] = power * (direct[bin] as number) + before;
        echo[bin] = (before + power * (entering[bin] as number)) * (decay[bin] as number);
      }
    }
  },
};

/**
 * The response of a bin: power P(t) between frames, taken as a straight line, convolved with g·exp(−λ·t), whose integral g/λ is the
 * reverberant part. The weights of a frame j frames ago are the integrals of hat functions times the decay: for j > 0
 * g·exp(−λ·j)·(2·sinh(λ/2)/λ)², a recursion.
 *
 * @param frames of reverberation time
 * @returns what the frame itself is multiplied by, what of it enters the echo, and what is left of the echo after a frame
 */
function responseOf(frames: number, ratioDb: number): { direct: number; entering: number; decay: number } {
  const lambda = Math.log(1e6) / frames;
  const g = lambda / ratioOf(ratioDb);
  const own = (lambda + Math.expm1(-lambda)) / lambda ** 2;
  const hat = ((2 * Math.sinh(lambda / 2)) / lambda) ** 2;
  return { direct: 1 + g * own, entering: g * hat, decay: Math.exp(-lambda) };
}
