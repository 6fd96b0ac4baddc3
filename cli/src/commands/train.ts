// labelled clips → a model in a folder, and a checkpoint beside it until it is done

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { TrainReport } from 'speech-emotion';
import { CommandLineFault } from '../commandLine/fault.ts';
import { between, firstGroup, whole } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { HeldOut } from '../recordings/holdOutSpeakers.ts';

interface TrainFlags {
  readonly out: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly validate: number;
  readonly speaker?: (name: string) => string | undefined;
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function train(): Command {
  return new Command('train')
    .description('Trains a model on labelled clips, for --model of other commands.')
    .argument('<clips...>', 'folders or zip archives: clips in folders named after emotions, or named as RAVDESS does')
    .requiredOption('--out <folder>', 'where the model is kept')
    .option('--epochs <number>', 'how often to go over all clips (default: 60)', whole(1, 1e6))
    .option('--seed <number>', 'of all that is drawn: weights, order, speakers (default: 1)', whole(0, 2 ** 32))
    .option('--validate <share>', 'of the speakers, held out to choose the best epoch; 0: none', between(0, 1), 0.2)
    .option('--speaker <expression>', 'what is told of the speaker by names of files: its first group', firstGroup)
    .option('--config <file>', 'JSON: features, speeds, copies, network, train; what the library calls so')
    .option('--force', 'begins anew; the model that is there is replaced in the end')
    .option('--json', 'what came of each epoch, for programs')
    .addHelpText(
      'after',
      `
Ctrl-C keeps what is learnt, and the same command goes on with it. How good a model is, evaluate tells, from clips of speakers
that it knows nothing of: those of --validate are too few and too well known, as they have chosen among its epochs.

Examples:
  $ speech-emotion train recordings --speaker '/([a-z]+)_[^/]*$' --out my-model
  $ speech-emotion train recordings --validate 0 --epochs 40 --out my-model --force --json > epochs.json
  $ speech-emotion train Audio_Speech_Actors_01-24.zip --config small.json --out small-model`,
    )
    .action(learn);
}

async function learn(paths: string[], flags: TrainFlags): Promise<void> {
  const checkpoint = `${resolve(flags.out)}.checkpoint`;
  // Where there is a checkpoint beside the model, somebody has begun to replace it.
  if (!flags.force && existsSync(join(flags.out, 'model.json')) && !existsSync(checkpoint)) {
    throw new CommandLineFault(`--out ${flags.out} holds a model: --force trains another in its place`);
  }
  using signal = interruptible();
  const { buildCnnLstm, examplesOf, FeatureExtractor, prepareExamples, saveModel, train, TrainingError } = await import(
    'speech-emotion'
  );
  const { featureWorkers, fileCheckpoint, modelDirectory } = await import('speech-emotion/node');
  const { startBackend } = await import('../openClassifier.ts');
  const { holdOutSpeakers } = await import('../recordings/holdOutSpeakers.ts');
  const { labelledClips } = await import('../recordings/labelledClips.ts');
  const { showProgress } = await import('../terminal/progress.ts');
  const { TrainingProgress } = await import('../terminal/trainingProgress.ts');
  const { trainingConfig } = await import('../trainings/trainingConfig.ts');

  const config = await trainingConfig(flags);
  const clips = await labelledClips(paths, flags.speaker, signal);
  const held = holdOutSpeakers(clips, flags.validate, config.seed);
  const features = new FeatureExtractor(config.features);
  await startBackend();
  const network = buildCnnLstm({ bins: features.bins, classes: clips.labels.length, ...config.network });
  const reading = showProgress();
  const training = new TrainingProgress();
  try {
    const examples = await prepareExamples(clips, {
      ...{ features, speeds: config.speeds, copies: config.copies, executor: featureWorkers(), signal },
      onProgress: ({ done, total, name }) => reading.at(done, name, total),
    });
    reading.stop();
    if (flags.force) await rm(checkpoint, { force: true });
    const report = await train(network, examplesOf(examples, held.training), {
      ...config.train,
      validation: held.validation && examplesOf(examples, held.validation),
      checkpoint: { store: fileCheckpoint(checkpoint) },
      onProgress: (event) => training.tell(event),
      signal,
    });
    await saveModel(report.model, modelDirectory(flags.out));
    await rm(checkpoint);
    training.stop();
    tell(flags, held, report);
  } catch (error) {
    training.stop();
    if (error instanceof TrainingError && training.kept === undefined && existsSync(checkpoint)) {
      throw new Error(`Cannot go on with ${checkpoint}, --force begins anew: ${error.message}`, { cause: error });
    }
    if (signal.aborted && training.kept !== undefined) {
      const same = `The same command${flags.force ? ', without --force,' : ''}`;
      training.say(`${same} goes on with ${checkpoint} (epochs done: ${training.kept}).`);
    }
    throw error;
  } finally {
    reading.stop();
    network.dispose();
  }
}

/** Says what came of it. */
function tell({ out, json }: TrainFlags, { training, validation }: HeldOut, report: TrainReport): void {
  const { history, bestEpoch, stoppedEarly } = report;
  const heldOut = validation?.speakers ?? [];
  if (json) {
    const said = { out, labels: training.labels, clips: training.size, heldOut, bestEpoch, stoppedEarly, history };
    return void process.stdout.write(`${JSON.stringify(said)}\n`);
  }
  const uar = history[bestEpoch - 1]?.validation?.uar;
  const chosen =
    uar === undefined ? '' : `, UAR ${(100 * uar).toFixed(1)} % on speakers held out (${heldOut.join(', ')})`;
  process.stdout.write(`${out}: ${training.size} clips, epoch ${bestEpoch} of ${history.length}${chosen}\n`);
}
