// two sampling rates → the filter between them: a windowed sinc, sampled at the phases that output samples have
//
// Output sample n lies n · inStep / outStep input samples from the start. It is the sum of the input around its place, each sample
// weighted by the filter's impulse response at its distance: so there is a row of weights for each of the outStep fractions that
// places have. Where these are too many, rows lie close enough that weights in between are interpolated on a straight line.

/** The pass band, as a part of the lower rate's Nyquist frequency: at 16 kHz it is flat to 7.5 kHz. The stop band begins at that frequency. */
const PASS_BAND = 0.9375;
/** How far images and aliases are taken down, in decibels; the pass band ripples as little. */
const ATTENUATION = 112;
/** Rows for each input sample where weights are interpolated, between rates of which the input's is the lower: errs below −115 dB. */
const MOST_PHASES = 1024;

/** The filter between two rates. */
export interface SincFilter {
  /** Input samples that last as long as `outStep` output samples; the two have no common divisor. */
  readonly inStep: number;
  /** Output samples that last as long as `inStep` input samples. */
  readonly outStep: number;
  /** Weights a row, a multiple of 4. */
  readonly taps: number;
  /** The first weight of a row is for the input sample so far before the output's place, rounded down to a sample. */
  readonly lead: number;
  /** Fractions of an input sample that there are rows for; there is one more row where weights are interpolated, for the fraction 1. */
  readonly phases: number;
  /** [phases, taps], or [phases + 1, taps] where weights are interpolated. */
  readonly rows: Float32Array;
}

/** Whether the weights of an output sample lie between those of two rows. */
export function isInterpolated({ phases, outStep }: SincFilter): boolean {
  return phases !== outStep;
}

/** Input samples around an output's place that a filter weights. */
export function tapsBetween(from: number, to: number): number {
  return 4 * Math.ceil((2 * Math.floor(halfWidth(from, to)) + 2) / 4);
}

/**
 * Designs the filter by Kaiser's formulas.
 *
 * @param from the input's rate, in Hz
 * @param to the output's
 * @see Kaiser & Schafer 1980, "On the use of the I₀-sinh window for spectrum analysis"; Smith, "Digital Audio Resampling",
 *   https://ccrma.stanford.edu/~jos/resample/
 */
export function sincFilter(from: number, to: number): SincFilter {
  const divisor = greatestCommonDivisor(from, to);
  const [inStep, outStep] = [from / divisor, to / divisor];
  const lower = Math.min(1, to / from);
  // A slower response, of a lower cut-off, needs fewer rows for each input sample.
  const phases = Math.min(outStep, Math.ceil(MOST_PHASES * lower));
  const width = halfWidth(from, to);
  const [taps, lead] = [tapsBetween(from, to), Math.floor(width)];
  const cutOff = (lower * (1 + PASS_BAND)) / 2; // in cycles in two input samples
  const isPhased = phases === outStep;
  const rowCount = isPhased ? phases : phases + 1;
  const rows = new Float32Array(rowCount * taps);
  const window = kaiserTerms();
  const reach = 2 * lead + 2;
  for (let row = 0; row < rowCount; row++) {
    const mirrored = phases - row;
    if (mirrored < row && mirrored > 0) {
      // The response is even: the row for what the fraction of this one lacks to 1, backwards.
      const other = rows.slice(mirrored * taps, mirrored * taps + reach);
      rows.set(other.reverse(), row * taps);
    } else {
      // By phases, row r is that of output sample r.
      const fraction = isPhased ? ((row * inStep) % outStep) / outStep : row / phases;
      fillRow(rows.subarray(row * taps, row * taps + reach), -lead - fraction, width, cutOff, window);
    }
  }
  return { inStep, outStep, taps, lead, phases, rows };
}

/** Input samples to either side that the response reaches, for the width of the transition between pass and stop band. */
function halfWidth(from: number, to: number): number {
  const transition = Math.PI * Math.min(1, to / from) * (1 - PASS_BAND); // radians an input sample
  return (ATTENUATION - 7.95) / (2.285 * transition) / 2;
}

/**
 * A row of weights: the response at distances from one on, each 1 more than the one before.
 *
 * @param window the window's terms
 */
function fillRow(row: Float32Array, from: number, width: number, cutOff: number, window: Float64Array): void {
  for (let tap = 0; tap < row.length; tap++) {
    const distance = from + tap;
    const part = 1 - (distance / width) ** 2;
    if (part < 0) continue;
    let weight = 0;
    for (let i = 0; i < window.length; i++) weight = weight * part + window[i]!;
    row[tap] = cutOff * sinc(cutOff * distance) * weight;
  }
}

/** sin(πx) / πx */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/**
 * Kaiser's window, I₀(β √(1 − x²)) / I₀(β) at x, as a polynomial of 1 − x²: the power series of the modified Bessel function I₀, of
 * whose terms those that do not matter at 1 matter nowhere.
 *
 * @returns its terms, from the last to the first
 */
function kaiserTerms(): Float64Array {
  const beta = 0.1102 * (ATTENUATION - 8.7);
  const terms = [1];
  let sum = 1;
  for (let term = 1; term > sum * 1e-17; sum += term) {
    term *= (beta / (2 * terms.length)) ** 2;
    terms.push(term);
  }
  return Float64Array.from(terms.reverse(), (term) => term / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
