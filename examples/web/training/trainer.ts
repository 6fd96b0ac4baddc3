// recordings + settings → a trained model, held here until it is saved

import {
  buildCnnLstm,
  type CheckpointStore,
  type ExampleSet,
  evaluate,
  type LabelledDataset,
  RavdessDataset,
  saveModel,
  selectExamples,
  type TrainedModel,
  type TrainProgress,
  toArtifact,
  train,
} from 'speech-emotion';
import { browserCheckpoint, deleteBrowserCheckpoint, modelStorage } from 'speech-emotion/browser';
import { confusionMatrix } from 'speech-emotion/evaluation';
import type { BackendName } from '../engine/availability.ts';
import type { Backends } from './backends.ts';
import { compare, scoreOf } from './comparison.ts';
import { describe, openCorpus, splitCorpus } from './corpus.ts';
import { FeatureCache } from './featureCache.ts';
import type { Answers, Outcome, Progress, TrainingSettings } from './messages.ts';
import { packModel } from './modelFiles.ts';
import { RAVDESS, SMALL_MODEL } from './smallModel.ts';

const SEED = 1;

/** A trained model, and the clips that test it. */
interface Trained {
  readonly model: TrainedModel;
  readonly heldOut: ExampleSet;
  /** The name of its run. */
  readonly run: string;
}

/** The work of the training worker, one call at a time. */
export class Trainer {
  readonly #tell: (progress: Progress) => void;
  readonly #backends: Backends;
  #dataset: LabelledDataset | undefined;
  #cache = new FeatureCache();
  #trained: Trained | undefined;
  #stop = new AbortController();

  /** @param tell is called with the progress of a call */
  constructor(tell: (progress: Progress) => void, backends: Backends) {
    this.#tell = tell;
    this.#backends = backends;
  }

  /** Its calls. */
  readonly calls: Answers<'open' | 'train' | 'save' | 'packTrained' | 'compare'> = {
    open: async (files, speakersBy) => {
      this.#dataset = await openCorpus(files, speakersBy);
      this.#cache = new FeatureCache();
      return describe(this.#dataset);
    },
    train: (settings, backend) => this.#train(settings, backend),
    save: async (name) => {
      const { model, run } = this.#need();
      await saveModel(model, modelStorage(name));
      await deleteBrowserCheckpoint(run); // the run is over
    },
    packTrained: async () => packModel(await toArtifact(this.#need().model)),
    compare: async () => {
      const { model, heldOut } = this.#need();
      return compare(model, heldOut, this.#begin());
    },
  };

  /** Ends the running call: its promise rejects. */
  stop(): void {
    this.#stop.abort(new DOMException('stopped', 'AbortError'));
  }

  #begin(): AbortSignal {
    this.#stop = new AbortController();
    return this.#stop.signal;
  }

  #need(): Trained {
    if (!this.#trained) throw new Error('There is no trained model yet.');
    return this.#trained;
  }

  async #train(settings: TrainingSettings, backend: BackendName): Promise<Outcome> {
    const dataset = this.#dataset;
    if (!dataset) throw new Error('There are no recordings yet.');
    const signal = this.#begin();
    this.#trained?.model.network.dispose();
    this.#trained = undefined;
    await this.#backends.start(backend, this.#tell);

    const parts = splitCorpus(dataset, settings);
    const speeds = settings.size === 'pretrained' ? SMALL_MODEL.speeds : [];
    const examples = await this.#cache.examplesOf(parts.used, speeds, {
      signal,
      onProgress: (done, total) => this.#tell({ type: 'features', done, total }),
      onInvalid: (error) => this.#tell({ type: 'warning', words: `Left out: ${(error as Error).message}.` }),
    });
    const data = partOf(examples, parts.train);
    const heldOut = partOf(examples, parts.test);
    const { labels } = examples;
    this.#tell({ type: 'clips', trained: data.examples.length, heldOut: heldOut.examples.length, labels });

    const network = networkOf(settings, examples);
    try {
      const isRavdess = dataset instanceof RavdessDataset;
      const report = await train(network, data, {
        ...(settings.size === 'pretrained' && SMALL_MODEL.training),
        epochs: settings.epochs,
        batchSize: settings.batchSize,
        seed: SEED,
        classWeights: isRavdess ? 'none' : 'balanced',
        validation: heldOut,
        checkpoint: { store: this.#patient(browserCheckpoint(settings.name)) },
        dataset: isRavdess ? { ...RAVDESS, name: `RAVDESS, actors ${parts.train.speakers.join(', ')}` } : {},
        onProgress: (progress) => this.#tell(withConfusion(progress, labels.length)),
        signal,
      });
      const evaluation = await evaluate(report.model, heldOut, { signal });
      const { uar, war, macroF1 } = evaluation;
      const protocol = `${protocolOf(parts.test)}; the best epoch was chosen by the same clips`;
      const training = { ...report.model.settings.training, evaluation: { protocol, metrics: { uar, war, macroF1 } } };
      const model = { network, settings: { ...report.model.settings, training } };
      this.#trained = { model, heldOut, run: settings.name };
      return { score: scoreOf(evaluation), bestEpoch: report.bestEpoch, history: report.history };
    } catch (error) {
      network.dispose();
      throw error;
    }
  }

  /** If storage is full, training goes on but cannot be resumed. */
  #patient(store: CheckpointStore): CheckpointStore {
    let warned = false;
    return {
      load: () => store.load(),
      save: (bytes) =>
        store.save(bytes).catch((error: Error) => {
          if (!warned)
            this.#tell({ type: 'warning', words: `This training cannot be resumed later: ${error.message}.` });
          warned = true;
        }),
    };
  }
}

function partOf(examples: ExampleSet, recordings: LabelledDataset): ExampleSet {
  const names = new Set(Array.from(recordings, ({ name }) => name));
  return selectExamples(examples, ({ name }) => names.has(name));
}

function networkOf({ size }: TrainingSettings, { labels, examples }: ExampleSet) {
  const bins = examples[0]!.variants[0]!.bins;
  const shape = { bins, classes: labels.length, seed: SEED };
  if (size === 'pretrained') return buildCnnLstm({ ...SMALL_MODEL.network, ...shape });
  return buildCnnLstm({
    ...shape,
    convolution: [{ filters: 16, pool: [2, 4] }, { filters: 32 }],
    recurrent: { units: 32 },
  });
}

function withConfusion(progress: TrainProgress, labels: number): Progress {
  if (progress.type !== 'epoch') return progress;
  const { predictions = [], ...rest } = progress;
  return { ...rest, confusion: confusionMatrix(predictions, labels) };
}

function protocolOf({ speakers, size }: LabelledDataset): string {
  return speakers.length > 0
    ? `${size} recordings of held-out speakers (${speakers.join(', ')})`
    : `${size} held-out recordings, speakers not told apart`;
}
