// a run of train → what takes its steps, in several threads at once
//
// This thread only says which step is next. Each of the others has a copy of the network, takes a part of each batch, and adds its
// gradients, and its sums of batch normalisation, to those of the others in shared memory.

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { abortable } from '../../core/abortable.ts';
import { breakTeam, type TeamMemory, teamMemory } from '../../core/threadTeam.ts';
import type { ExampleSet } from '../../exampleSet/exampleSet.ts';
import { SharedExamples, setAt } from '../../exampleSet/sharedExamples.ts';
import { FeatureExtractor } from '../../features/featureExtractor.ts';
import { everyLayer } from '../../layers/everyLayer.ts';
import { networkText } from '../../model/networkHash.ts';
import type { Run } from '../run.ts';
import type { Step, Steps } from '../steps.ts';
import type { StepFigures } from '../takeStep.ts';
import type { TeacherOptions } from '../trainOptions.ts';
import type { Numbers, Opening, StepAnswer, TeamMessage } from './messages.ts';
import type { TrainingThread, TrainingThreads } from './trainingThreads.ts';

/**
 * Starts the threads.
 *
 * @param run whose trainee is where the training begins or goes on
 * @throws {RangeError} when the network has batch normalisation of tfjs, which would be by the statistics of a part
 * @throws {TypeError} where this host has no memory that threads can share
 * @throws what goes wrong in a thread; the signal's reason when it aborts
 */
export async function stepsInThreads(run: Run, { count, start }: TrainingThreads): Promise<Steps> {
  checkShareable(run.trainee.network);
  const memory = teamMemory(count);
  const opening = await openingOf(run, memory);
  const threads: TrainingThread[] = [];
  const steps = new StepsInThreads(run, memory, threads);
  try {
    for (let rank = 0; rank < count; rank++) threads.push(start());
    await abortable(
      steps.ask((rank) => ({ ...opening, place: { rank, ranks: count } })),
      run.options.signal,
    );
    return steps;
  } catch (error) {
    await steps.close();
    throw error;
  }
}

function checkShareable(network: LayersModel): void {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new TypeError(
      'Cannot train: threads must be able to share memory, which takes a page that is cross-origin isolated',
    );
  }
  const stock = (everyLayer(network) as LayersModel['layers']).find(
    (layer) => layer.getClassName() === 'BatchNormalization',
  );
  if (!stock) return;
  throw new RangeError(
    `Cannot train: threads must be without tf.layers.batchNormalization, which would see a part of each batch (BatchNorm of ` +
      `speech-emotion/layers sees all of it), got ${stock.name}`,
  );
}

/** What each thread is told first. */
async function openingOf(
  { trainee, data, resolved, model, start, options }: Run,
  memory: TeamMemory,
): Promise<Omit<Opening, 'place'>> {
  const { network, state } = trainee;
  const { weights, moments, averages } = await trainee.numbers();
  return {
    type: 'open',
    memory,
    network: await artifactsOf(network),
    networkText: networkText(network),
    data: inSharedMemory(data),
    resolved,
    normalizer: model.settings.normalizer,
    silence: new FeatureExtractor(data.features).silence,
    teacher: options.teacher && taught(data, options.teacher),
    rates: start?.rates,
    numbers: { weights, moments, averages },
    steps: state.step,
  };
}

async function artifactsOf(network: LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  const keep = async (saved: tf.io.ModelArtifacts) => {
    artifacts = saved;
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
  };
  await network.save(tf.io.withSaveHandler(keep));
  return artifacts;
}

function inSharedMemory(data: ExampleSet): ExampleSet {
  const shared = new SharedExamples([data]);
  return setAt(shared.placesOf(data), shared.examples);
}

/** A teacher's probabilities as plain data. */
function taught({ examples }: ExampleSet, { probabilities }: TeacherOptions): Opening['teacher'] {
  return new Map(examples.map(({ name }) => [name, Float64Array.from(probabilities.get(name)!)]));
}

class StepsInThreads implements Steps {
  readonly #run: Run;
  readonly #memory: TeamMemory;
  readonly #threads: readonly TrainingThread[];
  /** Whether the threads are ahead of the run's trainee. */
  #ahead = false;

  constructor(run: Run, memory: TeamMemory, threads: readonly TrainingThread[]) {
    this.#run = run;
    this.#memory = memory;
    this.#threads = threads;
  }

  async take(step: Step): Promise<StepFigures> {
    this.#ahead = false; // should it fail, there is nothing whole to catch up with
    const [first] = await this.ask(() => ({ type: 'step', ...step }));
    this.#ahead = true;
    return first as StepFigures;
  }

  async catchUp(): Promise<void> {
    if (!this.#ahead) return;
    const { trainee } = this.#run;
    const numbers = (await this.#threads[0]!.ask({ type: 'numbers' } satisfies TeamMessage)) as Numbers;
    trainee.restore({ ...numbers, state: trainee.state, best: trainee.best });
    this.#ahead = false;
  }

  /** Asks all threads; where one fails, the others, which would wait for it, leave what they are doing. */
  async ask(messageFor: (rank: number) => TeamMessage): Promise<StepAnswer[]> {
    const failures: unknown[] = [];
    const answers = await Promise.all(
      this.#threads.map((thread, rank) =>
        thread.ask(messageFor(rank)).catch((error: unknown) => {
          failures.push(error);
          breakTeam(this.#memory);
        }),
      ),
    );
    if (failures.length > 0) throw failures[0];
    return answers as StepAnswer[];
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
