// samples of several channels → one, of the channels that carry the sound
//
// Seconds are mixed one at a time, counted from the beginning, each by what has come up to its end: so pieces of any size give the
// same, and sound is late by a second at most.

import { isFloat64Array } from '../core/realm.ts';
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
  #second: (Float32Array | Float64Array)[] = [];
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
      this.#second = channels.map(() => new Float32Array(0));
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
    const { length } = channels[0]!;
    for (let at = 0; at < length; ) {
      const end = Math.min(length, at + this.#whole - this.#filled);
      const part = channels.map((samples) => samples.subarray(at, end));
      at = end;
      if (part[0]!.length === this.#whole) {
        yield this.#mix(part); // a second that comes in one piece is not copied
        continue;
      }
      this.#makeRoom(this.#filled + part[0]!.length, part);
      for (const [i, samples] of part.entries()) this.#second[i]!.set(samples, this.#filled);
      this.#filled += part[0]!.length;
      if (this.#filled === this.#whole) yield* this.flush();
    }
  }

  /** Room for so many samples, of 64 bits each as soon as some have them. */
  #makeRoom(length: number, samples: Channels): void {
    const room = this.#second[0]!.length;
    const isWide = isFloat64Array(this.#second[0]);
    const isToBeWide = isWide || samples.some(isFloat64Array);
    if (length <= room && isWide === isToBeWide) return;
    const more = Math.min(this.#whole, Math.max(length, 2 * room));
    this.#second = this.#second.map((before) => {
      const longer = isToBeWide ? new Float64Array(more) : new Float32Array(more);
      longer.set(before);
      return longer;
    });
  }

  #mix(second: Channels): Float32Array {
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

/** The mean of some channels, sample by sample: in double precision, rounded once. */
function mean(channels: Channels, signs: Signs): Float32Array {
  const used = channels.flatMap((samples, channel) =>
    signs[channel] === 0 ? [] : [{ samples, sign: signs[channel]! }],
  );
  const count = used.length;
  const mixed = new Float32Array(channels[0]!.length);
  const [first, second] = used;
  if (count <= 2) {
    const { samples: x, sign: ofX } = first!;
    const { samples: y, sign: ofY } = second ?? { samples: x, sign: 0 };
    const share = 1 / count; // exact
    for (let i = 0; i < mixed.length; i++) mixed[i] = share * (ofX * x[i]! + ofY * y[i]!);
    return mixed;
  }
  const sum = new Float64Array(mixed.length);
  for (const { samples, sign } of used) {
    for (let i = 0; i < sum.length; i++) sum[i]! += sign * samples[i]!;
  }
  for (let i = 0; i < mixed.length; i++) mixed[i] = sum[i]! / count;
  return mixed;
}

/** Goes from one signal to another within the first so many samples of the latter. */
function fadeFrom(from: Float32Array, to: Float32Array, samples: number): void {
  for (let i = 0; i < Math.min(samples, to.length); i++) {
    const share = (i + 0.5) / samples;
    to[i] = (1 - share) * from[i]! + share * to[i]!;
  }
}
