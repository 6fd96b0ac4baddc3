// recordings → features, computed once per recording while the page is open

import { type Example, type ExampleSet, type LabelledDataset, prepareExamples, type Recording } from 'speech-emotion';

/** To stop and follow the work. */
export interface FeatureCacheOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Called for a recording that cannot be read: it has no features. */
  readonly onInvalid: (error: unknown, recording: Recording) => void;
}

/** As the shipped model takes them, so that both can be asked about the same clips. */
const FEATURES = { trim: { exact: true } } as const;

/** Features of one corpus, kept for a resumed run and for one with other settings. */
export class FeatureCache {
  readonly #found = new Map<string, Example>();
  #set: ExampleSet | undefined;

  /**
   * The features of all recordings of a dataset that can be read.
   *
   * @param speeds of the copies that training draws from
   * @throws the signal's reason when it aborts; what is done by then is kept
   */
  async examplesOf(
    dataset: LabelledDataset,
    speeds: readonly number[],
    { signal, onProgress, onInvalid }: FeatureCacheOptions,
  ): Promise<ExampleSet> {
    if (this.#set?.speeds.join() !== [1, ...speeds].join()) this.#found.clear();
    const { labels, size } = dataset;
    const missing = [...dataset].filter(({ name }) => !this.#found.has(name));
    for (let at = 0; at < missing.length; at += PART) {
      const before = size - missing.length + at;
      this.#set = await prepareExamples(missing.slice(at, at + PART), {
        ...{ features: FEATURES, labels, speeds, signal, onInvalid },
        onProgress: ({ done }) => onProgress(before + done, size),
      });
      for (const example of this.#set.examples) this.#found.set(example.name, example);
    }
    return { ...this.#set!, examples: [...dataset].flatMap(({ name }) => this.#found.get(name) ?? []) };
  }
}

/** Clips at a time: no more are lost by a stop. */
const PART = 16;
