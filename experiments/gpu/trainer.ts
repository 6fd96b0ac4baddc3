// a kit + messages of trainings → their results: the process that `trainerProcesses` starts

import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type ExampleSet, type TrainingJob, type TrainingResult, type TrainProgress, train } from 'speech-emotion';
import { predictExamples } from 'speech-emotion/evaluation';
import { fileCheckpoint } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { buildNetwork } from '../training/trainingConfig.ts';
import { readKit } from './kit.ts';

/** What the process is told. */
export type TrainerOrder = ({ readonly type: 'train' } & TrainerJob) | { readonly type: 'stop' };

/** A training, as it is sent: clips by name, since the process has them. */
interface TrainerJob extends Pick<TrainingJob, 'seed' | 'config'> {
  readonly training: readonly string[];
  readonly test: readonly string[];
  /** The file that keeps the last epoch. */
  readonly checkpoint: string;
}

/** What the process says. */
export type TrainerMessage =
  | { readonly type: 'ready'; readonly device: string }
  | { readonly type: 'progress'; readonly progress: TrainProgress }
  | { readonly type: 'result'; readonly result: TrainingResult }
  | { readonly type: 'error'; readonly message: string };

/** Starts the backend and reads the kit, then does one training at a time. */
async function serve(folder: string, backend: string): Promise<void> {
  await useBackend(backend);
  const { own, extra, head } = await readKit(folder);
  const clips = new Map([...own.examples, ...(extra?.examples ?? [])].map((example) => [example.name, example]));
  const setOf = (names: readonly string[]): ExampleSet => ({
    ...own,
    examples: names.map((name) => clips.get(name)!),
  });
  const { bins } = own.examples[0]!.variants[0]!;

  const stopped = new AbortController();
  let training: Promise<void> = Promise.resolve();
  const trainOne = async ({ seed, config, checkpoint, training, test }: TrainerJob) => {
    const network = buildNetwork(head.config, bins, own.labels.length, seed);
    try {
      const { model } = await train(network, setOf(training), {
        ...{ ...config, seed, signal: stopped.signal },
        checkpoint: { store: fileCheckpoint(join(folder, checkpoint)) },
        onProgress: (progress) => say({ type: 'progress', progress }),
      });
      const predictions = await predictExamples(model, setOf(test));
      say({ type: 'result', result: { predictions, normalizer: model.settings.normalizer } });
    } catch (error) {
      if (!stopped.signal.aborted) fail(error);
    } finally {
      network.dispose();
    }
  };

  process.on('message', async (order: TrainerOrder) => {
    if (order.type === 'train') {
      training = trainOne(order);
      return;
    }
    stopped.abort(); // the training keeps where it is
    await training;
    end();
  });
  say({ type: 'ready', device: deviceOf(backend) });
}

/** What trains, e.g. `nvidia hopper`. */
function deviceOf(backend: string): string {
  const { adapterInfo } = tf.backend() as {
    adapterInfo?: { vendor: string; architecture: string; description: string };
  };
  if (!adapterInfo) return backend;
  const { vendor, architecture, description } = adapterInfo;
  const name = [vendor, architecture, description].filter(Boolean).join(' ');
  return /swiftshader|llvmpipe/i.test(name) ? `${name}, which is software and no GPU` : name;
}

function say(message: TrainerMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  say({ type: 'error', message: (error as Error)?.message ?? String(error) });
}

/** At once: Dawn may abort a process that exits by itself while it has work. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; train.js sees to it
process.on('disconnect', end); // without those who ask, nothing is left to do
serve(process.argv[2]!, process.argv[3]!).catch(fail);
