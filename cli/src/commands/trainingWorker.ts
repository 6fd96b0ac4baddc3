// a queue → its trainings done, by this process and others like it

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { CommandLineFault } from '../commandLine/fault.ts';
import { between, whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { TrainingPlace } from '../trainings/trainQueued.ts';

interface TrainingWorkerFlags {
  readonly queue: string;
  readonly store: string;
  readonly network: string;
  readonly threads?: number;
  readonly lock: number;
}

export function trainingWorker(): Command {
  return new Command('training-worker')
    .description('Does trainings that a program has put into a queue by queueExecutor, until it is stopped.')
    .requiredOption('--queue <address>', 'redis://… or postgres://…')
    .requiredOption('--store <folder>', 'where examples, checkpoints and results are: one that all machines see')
    .requiredOption('--network <module>', 'a JavaScript file that exports build(seed, parameters)')
    .option('--threads <number>', 'how many are done at once (default: as many as there are cores)', whole(1, 1024))
    .option(
      '--lock <seconds>',
      'a worker that is not heard of for so long has lost its trainings to others',
      between(1, 3600),
      30,
    )
    .addHelpText(
      'after',
      `
SIGTERM and Ctrl-C give its trainings back to the queue, and others go on from their checkpoints.

Examples:
  $ speech-emotion training-worker --queue redis://queue:6379 --store /mnt/trainings --network network.js
  $ speech-emotion training-worker --queue postgres://db/trainings --store /mnt/trainings --network network.js --threads 4`,
    )
    .action(train);
}

async function train({ queue, store, network, threads, lock }: TrainingWorkerFlags): Promise<void> {
  using signal = interruptible();
  const { isQueue } = await import('../queue/server.ts');
  if (!isQueue(queue)) throw new CommandLineFault('--queue must be redis://… or postgres://…');
  const module = pathToFileURL(resolve(network)).href;
  const { build } = (await import(module)) as { readonly build?: unknown };
  if (typeof build !== 'function') {
    throw new Error(`Cannot train: ${network} must export a function build, got ${typeof build}`);
  }
  const { availableParallelism } = await import('node:os');
  const { trainUntil } = await import('../trainings/trainQueued.ts');
  const { TrainingStore } = await import('../trainings/trainingStore.ts');
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  await trainUntil(
    {
      ...{ queue, module, say, store: new TrainingStore(store), build: build as TrainingPlace['build'] },
      ...{ threads: threads ?? availableParallelism(), lockSeconds: lock },
    },
    signal,
  );
}
