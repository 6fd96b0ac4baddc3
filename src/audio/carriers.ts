// the seconds of several channels → which channels carry the sound, and which oppose the others
//
// Powers are measured about the mean: a constant is no sound.

/** Samples of a channel. */
type Samples = Float32Array | Float64Array;

/** How each channel goes into the mix: 1, -1 with its sign flipped, 0 not at all. */
export type Signs = readonly number[];

/** How far below the loudest second of all a channel's loudest second may be, as a ratio of powers: 20 dB. */
const CARRYING = 0.01;
/** A channel opposes another at this correlation coefficient and below, and no longer once it is positive. */
const OPPOSED = -0.5;

/** Finds the channels that carry the sound so far; see `Channel` for the rules. */
export class Carriers {
  /** The power of each channel's loudest second so far. */
  readonly #loudest: number[] = [];
  /** The highest of them. */
  #most = 0;
  /** The carrier that the others are compared with, and since it is: their sums of squares and of products with it. */
  #reference = -1;
  #squares: number[] = [];
  #products: number[] = [];
  readonly #flipped = new Set<number>();

  /** Takes the next second, or what is left of one. */
  add(second: readonly Samples[]): void {
    // Of two channels, all is summed in one pass.
    const both = second.length === 2 ? covariances(second[0]!, second[1]!) : undefined;
    const squares = both ? [both.xx, both.yy] : second.map((samples) => covariances(samples, samples).xx);
    for (const [channel, square] of squares.entries()) {
      const power = square / second[channel]!.length;
      this.#loudest[channel] = Math.max(this.#loudest[channel] ?? 0, power);
      this.#most = Math.max(this.#most, power);
    }
    this.#chooseReference(second.length);
    const reference = second[this.#reference];
    if (!reference) return;
    for (const [channel, samples] of second.entries()) {
      this.#squares[channel] = (this.#squares[channel] ?? 0) + squares[channel]!;
      const product = samples === reference ? squares[channel]! : (both ?? covariances(samples, reference)).xy;
      this.#products[channel] = (this.#products[channel] ?? 0) + product;
    }
    for (const channel of second.keys()) this.#compare(channel);
  }

  /** The mix of the first so many channels; undefined while none of them carries anything. */
  signs(channels: number): Signs | undefined {
    const signs = Array.from({ length: channels }, (_, channel) => {
      if (!this.#carries(channel)) return 0;
      return this.#flipped.has(channel) ? -1 : 1;
    });
    return signs.some((sign) => sign !== 0) ? signs : undefined;
  }

  #carries(channel: number): boolean {
    const loudest = this.#loudest[channel] ?? 0;
    return loudest > 0 && loudest >= CARRYING * this.#most;
  }

  /** Stays with a carrier while it is one. Comparisons with another one say nothing. */
  #chooseReference(channels: number): void {
    if (this.#reference < channels && this.#carries(this.#reference)) return;
    const loudest = this.#loudest.slice(0, channels).reduce((a, b) => Math.max(a, b), 0);
    this.#reference = loudest > 0 ? this.#loudest.indexOf(loudest) : -1;
    this.#squares = [];
    this.#products = [];
    this.#flipped.clear();
  }

  #compare(channel: number): void {
    const norm = Math.sqrt(this.#squares[channel]! * this.#squares[this.#reference]!);
    const correlation = norm > 0 ? this.#products[channel]! / norm : 0;
    if (correlation <= OPPOSED) this.#flipped.add(channel);
    else if (correlation > 0) this.#flipped.delete(channel);
  }
}

/** Sums of two signals' deviations from their means: of their squares, and of their products. */
function covariances(x: Samples, y: Samples): { readonly xx: number; readonly yy: number; readonly xy: number } {
  const [x0, y0] = [x[0]!, y[0]!]; // as good as the mean for keeping digits: of a constant, exactly 0 is left
  const { length } = x;
  let [xs, ys, xx, yy, xy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const dx = x[i]! - x0;
    const dy = y[i]! - y0;
    xs += dx;
    ys += dy;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return { xx: xx - (xs * xs) / length, yy: yy - (ys * ys) / length, xy: xy - (xs * ys) / length };
}
