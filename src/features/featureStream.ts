// live samples → features of any recent stretch

import { Ring } from '../core/ring.ts';
import type { FeatureExtractor } from './featureExtractor.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

/**
 * The features of a recording that goes on. A frame is computed once, however many stretches it is part of: but for the few at
 * either end of a stretch, which see the stretch continued by its mirror image, as the extractor has it.
 */
export class FeatureStream {
  readonly #extractor: FeatureExtractor;
  readonly #samples: Ring;
  readonly #frames: Ring; // [frames, bins]
  readonly #hop: number;
  /** Frame t sees samples from t · hop − lead up to t · hop − lead + length. */
  readonly #lead: number;
  readonly #length: number;

  /**
   * @param extractor what computes the features; samples are to come at its rate
   * @param capacity how many samples are kept
   */
  constructor(extractor: FeatureExtractor, capacity: number) {
    const { options, reach } = extractor.features;
    this.#extractor = extractor;
    this.#hop = options.hopLength;
    this.#lead = 0 - reach[0]; // never −0
    this.#length = reach[1] - reach[0];
    this.#samples = new Ring(capacity + this.#lead + this.#length + this.#hop);
    this.#frames = new Ring((2 + Math.ceil(capacity / this.#hop)) * extractor.bins);
    // Frames are known by their place: those before the first that lies within the recording are left empty.
    this.#frames.push(new Float32Array(this.firstFrame * extractor.bins));
  }

  /** How many samples there have been. */
  get end(): number {
    return this.#samples.end;
  }

  /** The place of the first sample that stretches can begin at. */
  get start(): number {
    const { bins } = this.#extractor;
    const firstFrame = Math.ceil(this.#frames.start / bins);
    return Math.max(this.#samples.start, firstFrame * this.#hop);
  }

  /** The first frame whose samples all lie within the recording. */
  get firstFrame(): number {
    return Math.ceil(this.#lead / this.#hop);
  }

  /** How many frames the samples so far complete, those before {@link firstFrame} counted. */
  get endFrame(): number {
    return this.#frames.end / this.#extractor.bins;
  }

  /**
   * Frames that are complete, whatever comes after.
   *
   * @param from from {@link firstFrame} on
   * @param to up to {@link endFrame}
   * @throws {RangeError} when they are not kept, or not there yet
   */
  frames(from: number, to: number): FeatureMatrix {
    const { bins } = this.#extractor;
    return { values: this.#frames.slice(from * bins, to * bins), frames: to - from, bins };
  }

  /** Takes the samples that follow, which were checked where they came in. */
  push(samples: Float32Array): void {
    // In pieces that the ring holds beside what is needed of the samples before.
    const piece = Math.max(this.#hop, this.#samples.capacity - this.#length - 2 * this.#hop);
    for (let at = 0; at < samples.length; at += piece) {
      this.#samples.push(samples.subarray(at, at + piece));
      this.#computeFrames();
    }
  }

  /** The frames that the samples so far complete. */
  #computeFrames(): void {
    const next = this.endFrame;
    const end = 1 + Math.floor((this.#samples.end + this.#lead - this.#length) / this.#hop);
    if (end <= next) return;
    const first = next - this.firstFrame; // the frame whose place is where the samples for these begin
    const samples = this.#samples.slice(first * this.#hop, this.#samples.end);
    this.#frames.push(this.#extractor.features.computeFrames(samples, next - first, end - first).values);
  }

  /**
   * What the extractor computes of the samples from one place up to another, as if there were no others.
   *
   * @param from where the stretch begins, a whole number of hops
   * @throws {RangeError} when the samples are not kept, or not there yet
   */
  features(from: number, to: number): FeatureMatrix {
    const { bins } = this.#extractor;
    const hop = this.#hop;
    const first = from / hop; // the frame at the stretch's beginning
    const samples = to - from;
    if (samples < 2 * (this.#length + hop)) return this.#compute(this.#samples.slice(from, to));
    const frames = this.#extractor.features.frameCount(samples);
    // Frames that lie within: local place · hop − lead ≥ 0, and its end ≤ samples.
    const begin = this.firstFrame;
    const end = Math.min(frames, 1 + Math.floor((samples + this.#lead - this.#length) / hop));
    const values = new Float32Array(frames * bins);
    values.set(this.#frames.slice((first + begin) * bins, (first + end) * bins), begin * bins);
    if (begin > 0) {
      const edge = this.#compute(this.#samples.slice(from, from + begin * hop + this.#length));
      values.set(edge.values.subarray(0, begin * bins));
    }
    if (end < frames) {
      // Far enough from the end that the frames which see beyond it see nothing before the piece.
      const start = Math.max(0, end - Math.ceil(this.#length / hop));
      const edge = this.#compute(this.#samples.slice(from + start * hop, to));
      values.set(edge.values.subarray((end - start) * bins), end * bins);
    }
    return { values, frames, bins };
  }

  #compute(samples: Float32Array): FeatureMatrix {
    const { features } = this.#extractor;
    return features.computeFrames(samples, 0, features.frameCount(samples.length));
  }
}
