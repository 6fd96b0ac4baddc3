// a trained model + results of its configuration ↔ the files that ship

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fromArtifact, type ModelArtifact, type ModelSettings, type TrainedModel, toArtifact } from 'speech-emotion';
import { fitSureThreshold, fitTemperature, summarise } from 'speech-emotion/evaluation';
import { clipsOf } from '../../docs/figures/modelFigures.ts';
import { type ProtocolFigures, protocolFigures } from '../../docs/figures/protocolFigures.ts';
import { counted } from '../../docs/figures/words.ts';
import { UsageError } from '../../examples/node/commandLine.ts';
import { percent } from '../report/printEvaluation.ts';
import type { ResultFile } from '../results/resultFile.ts';
import { readResult } from '../results/resultStore.ts';
import type { ConfigName, TrainingConfig } from '../training/trainingConfig.ts';

/** The configuration whose model is `speech-emotion/pretrained`; that of RAVDESS alone is `/pretrained/ravdess` beside another one. */
const MAIN: ConfigName = 'voices';

/** What ships beside the main model, where it is not called as its configuration; `small` is of the one that was trained last. */
const SHIPPED_AS: Partial<Record<ConfigName, string>> = { independent: 'ravdess', 'small-voices': 'small' };

/** The files of a configuration and of its model. */
export function releaseNames(config: ConfigName) {
  const suffix = config === 'independent' ? '' : `-${config}`;
  return {
    /** Results of its cross-validation, and of corpora that it had not heard, where there are any. */
    results: `docs/results/si5${suffix}.json`,
    strangers: `docs/results/loco${suffix}.json`,
    /** Checkpoints of the training. */
    run: `runs/release${suffix}`,
    /** Name of the model's files, without their endings. */
    model: config === MAIN ? 'model' : (SHIPPED_AS[config] ?? config),
  };
}

/**
 * Calibration and evaluation of a model that no clips are left to test, by the cross-validation of its configuration.
 *
 * @param strangers results of corpora that models of the configuration had not heard: the temperature is fitted to these where there are
 *   some, so that probabilities hold for voices that are far from those trained on; who is sure follows from `path` all the same
 * @throws {UsageError} when the results are of another configuration or lack folds
 */
export async function crossValidated(
  path: string,
  config: TrainingConfig,
  strangers?: string,
): Promise<
  Pick<ModelSettings, 'calibration'> & { readonly evaluation: { protocol: string; metrics: Record<string, number> } }
> {
  const file = readResult<ResultFile>(path);
  if (!file)
    throw new UsageError(`Cannot calibrate: ${path} must hold results of the model's configuration, got no such file`);
  const { uar, war, macroF1, seeds } = figuresOf(path, file, config).single;
  const predictions = seeds.flatMap(clipsOf);
  const unheard = strangers === undefined ? undefined : readResult<ResultFile>(strangers);
  const temperature = fitTemperature(
    unheard ? figuresOf(strangers!, unheard, config).single.seeds.flatMap(clipsOf) : predictions,
  );
  const calibrated = summarise(file.labels, [{ predictions, temperature }], { resamples: 1 }).clips;
  return {
    calibration: { temperature, sureAbove: fitSureThreshold(calibrated) },
    evaluation: {
      protocol: `models of the same training configuration, ${file.description}; mean of ${counted(seeds.length, 'seed')}`,
      metrics: { uar: uar.mean, war: war.mean, macroF1: macroF1.mean },
    },
  };
}

function figuresOf(path: string, file: ResultFile, config: TrainingConfig): ProtocolFigures {
  if (JSON.stringify(file.config) !== JSON.stringify(config)) {
    throw new UsageError(`Cannot calibrate: ${path} must hold results of the model's configuration, got another's`);
  }
  const figures = protocolFigures(file);
  if (!figures) throw new UsageError(`Cannot calibrate: ${path} must hold a seed with all folds, got none`);
  return figures;
}

/**
 * Reads a model of this name from a folder.
 *
 * @throws {UsageError} when there is none
 */
export async function readRelease(folder: string, name: string): Promise<TrainedModel> {
  const json = readResult<ModelArtifact['json']>(join(folder, `${name}.json`));
  if (!json) throw new UsageError(`Cannot calibrate: --out must be where ${name}.json is, got '${folder}'`);
  return fromArtifact({ json, weights: new Uint8Array(await readFile(join(folder, `${name}.bin`))) });
}

/** Writes the model with weights of 16 bits, after a check that it loads, and prints its size and evaluation. */
export async function writeRelease(model: TrainedModel, folder: string, name: string): Promise<void> {
  const artifact = await toArtifact(model, { weightType: 'float16' });
  (await fromArtifact(artifact)).network.dispose();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), JSON.stringify(artifact.json));
  await writeFile(join(folder, `${name}.bin`), artifact.weights);
  const { calibration, training } = model.settings;
  const { protocol, metrics } = training.evaluation!;
  const temperature = calibration!.temperature.toFixed(3);
  console.log(`${relative('', folder)}: ${artifact.weights.length} bytes of weights; temperature ${temperature}`);
  console.log(`Cross-validated: UAR ${percent(metrics.uar!)}; ${protocol}`);
}
