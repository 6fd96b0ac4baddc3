// hertz → mel, and a spectrum → mel bands

import { checkInteger, checkNothingElse, checkNumber, checkOneOf, checkOptions, type Resolved } from '../core/check.ts';

/**
 * Which formula gives mel: Slaney's, linear to 1 kHz and logarithmic above (librosa's default), or that of HTK,
 * 2595 log₁₀(1 + f / 700) (torchaudio's default).
 */
export type MelScale = 'slaney' | 'htk';

/** Slaney's scale: 3 mel to 200 Hz, from 1 kHz (15 mel) on a factor of 6.4 to 27 mel. */
const SLANEY = { hzPerMel: 200 / 3, breakHz: 1000, breakMel: 15, logStep: Math.log(6.4) / 27 };

/**
 * Hertz to mel.
 *
 * @see Slaney, Auditory Toolbox (1998); `librosa.hz_to_mel`
 */
export function hzToMel(hz: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  if (hz < SLANEY.breakHz) return hz / SLANEY.hzPerMel;
  return SLANEY.breakMel + Math.log(hz / SLANEY.breakHz) / SLANEY.logStep;
}

/**
 * Mel to hertz: the inverse of {@link hzToMel}.
 *
 * @see `librosa.mel_to_hz`
 */
export function melToHz(mel: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  if (mel < SLANEY.breakMel) return mel * SLANEY.hzPerMel;
  return SLANEY.breakHz * Math.exp((mel - SLANEY.breakMel) * SLANEY.logStep);
}

const ACTION = 'make mel bands';

/** Options that define the mel bands. */
export interface MelOptions {
  /**
   * How many bands (`n_mels`).
   * @default 80
   */
  readonly melBands?: number | undefined;
  /**
   * Where the lowest band begins, in hertz (`fmin`, `f_min`).
   * @default 50
   */
  readonly minHz?: number | undefined;
  /**
   * Where the highest band ends, in hertz (`fmax`, `f_max`).
   * @default 7500, or half the sampling rate where that is less. Resamplers differ only above it.
   */
  readonly maxHz?: number | undefined;
  /**
   * The formula that gives mel.
   * @default 'slaney'
   */
  readonly melScale?: MelScale | undefined;
  /**
   * `'none'`: every triangle peaks at 1, a band holds the power that falls into it. `'slaney'`: every triangle has area 1
   * (in hertz), a band holds power a hertz, white noise is flat.
   * @default 'none'
   */
  readonly melNorm?: 'none' | 'slaney' | undefined;
}

/** One mel band: a triangle over the bins of a spectrum. */
export interface MelBand {
  /** Where the triangle begins, in hertz; its weight there is 0. */
  readonly lowHz: number;
  /** Where the triangle peaks, in hertz. */
  readonly centreHz: number;
  /** Where the triangle ends, in hertz; its weight there is 0. */
  readonly highHz: number;
  /** The bin that the first of the weights is for. */
  readonly firstBin: number;
  /** Weights of `firstBin` and the bins after it; all other bins weigh 0. */
  readonly weights: Float64Array;
}

/**
 * Triangular filters that stand evenly on the mel scale, each beginning and ending at its neighbours' peaks.
 *
 * @param options which bands, and of which spectrum: `sampleRate` in hertz, and `fftLength` as in {@link Stft}
 * @returns the bands from low to high
 * @throws {RangeError} when an option is out of its range, or a band is so narrow that it falls between two bins
 * @throws {TypeError} when a number is not one or there is an option of another name
 * @see `torchaudio.functional.melscale_fbanks`, `librosa.filters.mel`
 */
export function melFilterBank(
  options: MelOptions & { readonly sampleRate: number; readonly fftLength: number },
): MelBand[] {
  const { sampleRate, fftLength, ...others } = checkOptions(ACTION, options);
  const { melBands, minHz, maxHz, melScale, melNorm } = resolveMelOptions(sampleRate, others);
  checkInteger(ACTION, 'fftLength', fftLength, 4, 65536);
  const low = hzToMel(minHz, melScale);
  const step = (hzToMel(maxHz, melScale) - low) / (melBands + 1);
  const edge = (i: number) => (i > melBands ? maxHz : melToHz(low + i * step, melScale));
  const binHz = sampleRate / fftLength;

  return Array.from({ length: melBands }, (_, band) => {
    const [lowHz, centreHz, highHz] = [edge(band), edge(band + 1), edge(band + 2)];
    const firstBin = Math.floor(lowHz / binHz) + 1;
    const endBin = Math.ceil(highHz / binHz);
    if (endBin <= firstBin) {
      throw new RangeError(
        `Cannot make mel bands: each must hold a bin of the spectrum, got none in band ${band} (${lowHz.toFixed(1)} to ` +
          `${highHz.toFixed(1)} Hz, bins are ${binHz.toFixed(1)} Hz apart); take fewer melBands or a larger fftLength`,
      );
    }
    const height = melNorm === 'slaney' ? 2 / (highHz - lowHz) : 1;
    const weights = Float64Array.from({ length: endBin - firstBin }, (_, i) => {
      const hz = (firstBin + i) * binHz;
      return height * Math.min((hz - lowHz) / (centreHz - lowHz), (highHz - hz) / (highHz - centreHz));
    });
    return { lowHz, centreHz, highHz, firstBin, weights };
  });
}

/** The options with their defaults, checked; for the classes that show them. */
export function resolveMelOptions(sampleRate: number, options: MelOptions): Resolved<MelOptions> {
  checkNumber(ACTION, 'sampleRate', sampleRate, 1, 1e6); // first, since a default follows from it
  const {
    melBands = 80,
    minHz = 50,
    maxHz = Math.min(7500, sampleRate / 2),
    melScale = 'slaney',
    melNorm = 'none',
    ...rest
  } = options;
  checkNothingElse(ACTION, rest);
  checkInteger(ACTION, 'melBands', melBands, 1, 4096);
  checkNumber(ACTION, 'maxHz', maxHz, 0, sampleRate / 2);
  checkNumber(ACTION, 'minHz', minHz, 0, maxHz);
  checkOneOf(ACTION, 'melScale', melScale, ['slaney', 'htk']);
  checkOneOf(ACTION, 'melNorm', melNorm, ['none', 'slaney']);
  return { melBands, minHz, maxHz, melScale, melNorm };
}
