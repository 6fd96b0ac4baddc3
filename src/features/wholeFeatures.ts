// samples as they come → all frames of the whole, as they are complete

import type { FeatureExtractor } from './featureExtractor.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { FeatureStream } from './featureStream.ts';

/** Seconds of sound that are transformed at a time: some 10 ms of work. */
const PIECE_SECONDS = 1;

/** The features of a recording of any length, of which nothing is trimmed: frame by frame what the extractor computes of the whole. */
export async function* wholeFeatures(
  extractor: FeatureExtractor,
  pieces: AsyncIterable<Float32Array>,
): AsyncGenerator<FeatureMatrix, void, undefined> {
  const frames = new WholeFeatures(extractor);
  for await (const piece of pieces) yield* frames.push(piece);
  yield* frames.end();
}

class WholeFeatures {
  readonly #stream: FeatureStream;
  readonly #piece: number;
  readonly #hop: number;
  /** Samples that a frame sees. */
  readonly #length: number;
  /** Frames given so far. */
  #given = 0;

  constructor(extractor: FeatureExtractor) {
    const { options, reach } = extractor.features;
    this.#hop = options.hopLength;
    this.#length = reach[1] - reach[0];
    this.#piece = Math.ceil(PIECE_SECONDS * extractor.options.sampleRate);
    this.#stream = new FeatureStream(extractor, this.#piece + 6 * (this.#length + this.#hop));
  }

  /** The frames that more samples complete. */
  *push(samples: Float32Array): Generator<FeatureMatrix, void, undefined> {
    for (let at = 0; at < samples.length; at += this.#piece) {
      this.#stream.push(samples.subarray(at, at + this.#piece));
      const { end, endFrame } = this.#stream;
      if (endFrame <= this.#given || end < 2 * (this.#length + this.#hop)) continue;
      // The first ones see the mirror image of the beginning.
      if (this.#given > 0) yield this.#stream.frames(this.#given, endFrame);
      else yield rows(this.#stream.features(0, end), 0, endFrame);
      this.#given = endFrame;
    }
  }

  /** The last frames, which see the mirror image of the end. */
  *end(): Generator<FeatureMatrix, void, undefined> {
    const { end, firstFrame } = this.#stream;
    if (end === 0) return;
    // From far enough before them that they see nothing of where this begins.
    const before = firstFrame + 2 + Math.ceil((2 * this.#length) / this.#hop);
    const from = Math.max(0, this.#given - before);
    const last = this.#stream.features(from * this.#hop, end);
    if (this.#given - from < last.frames) yield rows(last, this.#given - from, last.frames);
  }
}

/** Some rows of a matrix, as a view. */
function rows({ values, bins }: FeatureMatrix, from: number, to: number): FeatureMatrix {
  return { values: values.subarray(from * bins, to * bins), frames: to - from, bins };
}
