// lessons → the shipped model, taught to tell their labels apart; models of one's own ↔ files

import {
  adapt,
  type ExampleSet,
  loadModel,
  prepareExamples,
  type Recording,
  saveModel,
  selectExamples,
  type TrainedModel,
  toArtifact,
  toWaveform,
} from 'speech-emotion';
import { modelStorage } from 'speech-emotion/browser';
import { predictExamples, summarise } from 'speech-emotion/evaluation';
import { pretrained } from 'speech-emotion/pretrained';
import { indexOfGreatest } from '../pictures/greatest.ts';
import type { Backends } from './backends.ts';
import type { Answers, HeldOutSample, Lesson, Progress, Taught } from './messages.ts';
import { packModel, unpackModel } from './modelFiles.ts';

const SEED = 1;
/** The last of so many samples of a label is held out, and so on. */
const HELD_OUT_EACH = 3;

/** The work of the worker that teaches, one call at a time. */
export class Teacher {
  readonly #tell: (progress: Progress) => void;
  readonly #backends: Backends;
  #base: TrainedModel | undefined;
  #stop = new AbortController();

  /** @param tell is called with the progress of a call */
  constructor(tell: (progress: Progress) => void, backends: Backends) {
    this.#tell = tell;
    this.#backends = backends;
  }

  /** Its calls. */
  readonly calls: Answers<'teach' | 'pack' | 'keep'> = {
    teach: async (lessons, how, backend) => {
      this.#stop = new AbortController();
      await this.#backends.start(backend, this.#tell);
      return this.#teach(lessons, how, this.#stop.signal);
    },
    pack: async (name, backend) => {
      await this.#backends.start(backend, this.#tell);
      const model = await loadModel(modelStorage(name));
      try {
        return packModel(await toArtifact(model));
      } finally {
        model.network.dispose();
      }
    },
    keep: async (files, name, backend) => {
      const artifact = await unpackModel(files);
      await this.#backends.start(backend, this.#tell);
      const model = await loadModel(artifact); // looks for damage
      try {
        await saveModel(model, modelStorage(name));
        return model.settings.labels;
      } finally {
        model.network.dispose();
      }
    },
  };

  /** Ends the running call: its promise rejects. */
  stop(): void {
    this.#stop.abort(new DOMException('stopped', 'AbortError'));
  }

  async #teach(
    lessons: readonly Lesson[],
    { name, layers }: Parameters<Teacher['calls']['teach']>[1],
    signal: AbortSignal,
  ): Promise<Taught> {
    this.#base ??= await loadModel(pretrained, { signal });
    const base = this.#base;
    const leftOut: string[] = [];
    const examples = await prepareExamples(recordingsOf(lessons), {
      ...{ features: base.settings.features, labels: lessons.map(({ label }) => label), signal },
      onInvalid: (error) => leftOut.push((error as Error).message),
      onProgress: ({ done, total }) => this.#tell({ type: 'features', done, total }),
    });
    const { learnt, heldOut } = parted(examples);
    this.#tell({ type: 'learning' });
    const { model } = await adapt(base, learnt, {
      ...{ layers, seed: SEED, signal, classWeights: 'balanced' },
      dataset: { name: `samples that were taught in a browser: ${examples.labels.join(', ')}` },
    });
    try {
      const predictions = await predictExamples(model, heldOut, { signal });
      const { uar, war, macroF1 } = summarise(examples.labels, [{ predictions, temperature: 1 }]);
      const evaluation = { protocol: `${predictions.length} held-out samples`, metrics: { uar, war, macroF1 } };
      const { settings } = model;
      const training = { ...settings.training, evaluation };
      await saveModel({ ...model, settings: { ...settings, training } }, modelStorage(name));
      const heard = predictions.map(({ label, probabilities }): HeldOutSample => {
        return { label: examples.labels[label]!, heard: examples.labels[indexOfGreatest(probabilities)]! };
      });
      return { heldOut: heard, learntFrom: learnt.examples.length, leftOut };
    } finally {
      model.network.dispose();
    }
  }
}

function recordingsOf(lessons: readonly Lesson[]): Recording[] {
  return lessons.flatMap(({ label, samples }) =>
    samples.map((sample, i) => ({
      ...{ name: `${label} ${i + 1}`, label, speaker: '', groups: {} },
      bytes: async () => new Uint8Array(await sample.arrayBuffer()),
      waveform: (options) => toWaveform(sample, options),
    })),
  );
}

/** Of each label, every third sample is held out: the model that is measured is the one that is kept. */
function parted(examples: ExampleSet): { learnt: ExampleSet; heldOut: ExampleSet } {
  const seen = examples.labels.map(() => 0);
  const held = new Set(
    examples.examples.flatMap(({ name, label }) => (++seen[label]! % HELD_OUT_EACH === 0 ? [name] : [])),
  );
  if (seen.some((count) => count < HELD_OUT_EACH)) {
    const missing = examples.labels[seen.findIndex((count) => count < HELD_OUT_EACH)]!;
    throw new Error(`There are fewer than ${HELD_OUT_EACH} samples of “${missing}” that can be read.`);
  }
  return {
    learnt: selectExamples(examples, ({ name }) => !held.has(name)),
    heldOut: selectExamples(examples, ({ name }) => held.has(name)),
  };
}
