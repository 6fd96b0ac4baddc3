// a clip → over a telephone

import type { Resolved } from '../../core/check.ts';
import { addSteadyNoise, multiplyBins } from './noiseAndFilter.ts';
import { number, type Part, probability, resolveNumbers } from './part.ts';
import { meanPower, ratioOf, totalOf } from './power.ts';

/**
 * A telephone: the band of speech with slopes on both sides, noise of the line, and nothing above 4 kHz, since it is sampled at 8 kHz.
 *
 * The band is that of a Butterworth filter of drawn corners and slopes: exact for filters that hardly change within a band. The
 * noise is white below 4 kHz, exact in expectation. What the codec does beyond its noise is not imitated; for that there are
 * waveforms.
 */
export interface TelephoneOptions {
  /** Probability that a clip comes over a telephone, in [0, 1]. @default 0.25 */
  readonly probability?: number | undefined;
  /** Lowest lower corner, in hertz: 3 dB down there. @default 200 */
  readonly minLowHz?: number | undefined;
  /** Highest lower corner, in hertz. @default 400 */
  readonly maxLowHz?: number | undefined;
  /** Lowest upper corner, in hertz. @default 3000 */
  readonly minHighHz?: number | undefined;
  /** Highest upper corner, in hertz. @default 3800 */
  readonly maxHighHz?: number | undefined;
  /** Gentlest slope, in decibels an octave, drawn for each side. @default 18 */
  readonly minSlopeDb?: number | undefined;
  /** Steepest slope, in decibels an octave. @default 120 */
  readonly maxSlopeDb?: number | undefined;
  /** Lowest ratio of the filtered clip to the noise, in decibels. @default 20 */
  readonly minSnrDb?: number | undefined;
  /** Highest, in decibels. @default 50 */
  readonly maxSnrDb?: number | undefined;
}

/** Half of the sampling rate of telephones. */
const NYQUIST_HZ = 4000;

/** Draws a band, then noise. */
export const telephone: Part<TelephoneOptions | false, Resolved<TelephoneOptions> | false> = {
  fallback: false,
  needs: 'hertz',
  resolve: (given, name) =>
    resolveNumbers(given as TelephoneOptions, name, {
      probability: probability(0.25),
      minLowHz: number(200, 1, 'maxLowHz'),
      maxLowHz: number(400, 1, NYQUIST_HZ),
      minHighHz: number(3000, 1, 'maxHighHz'),
      maxHighHz: number(3800, 1, NYQUIST_HZ),
      minSlopeDb: number(18, 1, 'maxSlopeDb'),
      maxSlopeDb: number(120, 1, 1000),
      minSnrDb: number(20, -100, 'maxSnrDb'),
      maxSnrDb: number(50, -100, 200),
    }),
  applyToPowers({ values, bins, from, to }, options, stream, { hz, white }) {
    const low = stream.uniform(options.minLowHz, options.maxLowHz);
    const high = stream.uniform(options.minHighHz, options.maxHighHz);
    const lowSlope = stream.uniform(options.minSlopeDb, options.maxSlopeDb);
    const highSlope = stream.uniform(options.minSlopeDb, options.maxSlopeDb);
    const snr = stream.uniform(options.minSnrDb, options.maxSnrDb);
    const sampled = Float64Array.from(hz, (_, bin) => shareBelow(NYQUIST_HZ, hz, bin));
    multiplyBins(
      values,
      sampled.map(
        (share, bin) => share * passing(low / Math.max(1, hz[bin]!), lowSlope) * passing(hz[bin]! / high, highSlope),
      ),
    );
    const line = white.map((power, bin) => power * sampled[bin]!);
    const gain = meanPower(values, bins, from, to) / ratioOf(snr) / totalOf(line);
    addSteadyNoise(
      values,
      line.map((power) => gain * power),
      stream,
    );
  },
};

/** How much power a Butterworth filter lets pass, so far beyond its corner: half there, then less by so many decibels an octave. */
function passing(beyond: number, slopeDb: number): number {
  return 1 / (1 + beyond ** (slopeDb / (10 * Math.log10(2))));
}

/** How much of a bin, a triangle between its neighbours, lies below a frequency. */
function shareBelow(limit: number, hz: Float32Array, bin: number): number {
  const centre = hz[bin]!;
  const low = bin > 0 ? hz[bin - 1]! : centre;
  const high = bin + 1 < hz.length ? hz[bin + 1]! : centre;
  if (limit >= high) return 1;
  if (limit <= low) return 0;
  if (limit <= centre) return (limit - low) ** 2 / ((centre - low) * (high - low));
  return 1 - (high - limit) ** 2 / ((high - centre) * (high - low));
}
