// samples of several channels → one, of the channels that carry the sound
//
// Seconds are mixed one at a time, counted from the beginning, each by what has come up to its end: so pieces of any size give the
// same, and sound is late by a second at most.

import { Carriers, type Signs } from './carriers.ts';
import type { ChannelUse } from './channels.ts';

/** Samples of each channel, all of one length. */
type Channels = readonly (Float32Array | Float64Array)[];

/** Another mix is faded to, in seconds: the level may change, and a step would be a click. */
const FADE_SECONDS = 0.01;
/** What is left of the last second decides nothing when it is shorter: a few samples look alike, or opposed, by chance. */
const LEAST_SECONDS = 0.01;

/** Mixes sound as it comes; see `Channel` for the rules. */
export class ChannelMix {
  readonly #carriers = new Carriers();
  /** The second that is being filled; it grows with what comes, as headers may promise any number of channels. */
  #second: Float64Array[] = [];
  #filled = 0;
  #whole = 0; // samples
  #fade = 0; // samples
  #least = 0; // samples
  /** How many channels there are. */
  #of = 0;
  /** How the second before was mixed; undefined where it carried nothing, or had other channels. */
  #before: Signs | undefined;

  /** What was done so far; undefined where there was one channel only. */
  get use(): ChannelUse | undefined {
    const of = this.#of;
    if (of <= 1) return undefined;
    const signs = this.#carriers.signs(of) ?? plain(of);
    const where = (condition: (sign: number) => boolean) => [...signs.keys()].filter((i) => condition(signs[i]!));
    return { of, used: where((sign) => sign !== 0), flipped: where((sign) => sign < 0) };
  }

  /**
   * Takes the samples that follow, and gives those of the seconds that they complete. One channel alone passes untouched. Where the
   * number of channels changes, as in files that were joined, a second ends early.
   */
  *push(channels: Channels, sampleRate: number): Generator<Float32Array, void, undefined> {
    if (channels.length !== this.#second.length) {
      yield* this.flush();
      this.#second = channels.map(() => new Float64Array(0));
      this.#whole = Math.max(1, Math.round(sampleRate));
      this.#fade = Math.round(FADE_SECONDS * sampleRate);
      this.#least = LEAST_SECONDS * sampleRate;
      this.#of = Math.max(this.#of, channels.length);
      this.#before = undefined;
    }
    if (channels.length === 1) yield new Float32Array(channels[0]!);
    else yield* this.#fill(channels);
  }

  /** The samples that are left. */
  *flush(): Generator<Float32Array, void, undefined> {
    if (this.#filled === 0) return;
    const second = this.#second.map((samples) => samples.subarray(0, this.#filled));
    this.#filled = 0;
    yield this.#mix(second);
  }

  *#fill(channels: Channels): Generator<Float32Array, void, undefined> {
    for (let at = 0; at < channels[0]!.length; ) {
      const end = Math.min(channels[0]!.length, at + this.#whole - this.#filled);
      this.#makeRoom(this.#filled + end - at);
      for (const [i, samples] of channels.entries()) this.#second[i]!.set(samples.subarray(at, end), this.#filled);
      this.#filled += end - at;
      at = end;
      if (this.#filled === this.#whole) yield* this.flush();
    }
  }

  #makeRoom(length: number): void {
    const room = this.#second[0]!.length;
    if (length <= room) return;
    const more = Math.min(this.#whole, Math.max(length, 2 * room));
    this.#second = this.#second.map((samples) => {
      const longer = new Float64Array(more);
      longer.set(samples);
      return longer;
    });
  }

  #mix(second: readonly Float64Array[]): Float32Array {
    if (second[0]!.length >= this.#least) this.#carriers.add(second);
    const before = this.#before;
    const signs = this.#carriers.signs(second.length);
    this.#before = signs;
    const mixed = mean(second, signs ?? plain(second.length));
    if (signs && before?.some((sign, channel) => sign !== signs[channel]))
      fadeFrom(mean(second, before), mixed, this.#fade);
    return mixed;
  }
}

/** All channels as they are. */
function plain(channels: number): Signs {
  return Array<number>(channels).fill(1);
}

/** The mean of some channels, sample by sample. */
function mean(channels: readonly Float64Array[], signs: Signs): Float32Array {
  let sum: Float64Array | undefined; // in double precision, rounded once
  let count = 0;
  for (const [channel, samples] of channels.entries()) {
    const sign = signs[channel]!;
    if (sign === 0) continue;
    count++;
    if (!sum) sum = sign > 0 ? samples.slice() : samples.map((sample) => -sample);
    else for (let i = 0; i < sum.length; i++) sum[i]! += sign * samples[i]!;
  }
  const mixed = new Float32Array(sum!.length);
  for (let i = 0; i < mixed.length; i++) mixed[i] = sum![i]! / count;
  return mixed;
}

/** Goes from one signal to another within the first so many samples of the latter. */
function fadeFrom(from: Float32Array, to: Float32Array, samples: number): void {
  for (let i = 0; i < Math.min(samples, to.length); i++) {
    const share = (i + 0.5) / samples;
    to[i] = (1 - share) * from[i]! + share * to[i]!;
  }
}
