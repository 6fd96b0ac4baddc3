// a trained model + results of its recipe ↔ the files that ship

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  fitTemperature,
  fromArtifact,
  type ModelArtifact,
  type ModelSettings,
  type TrainedModel,
  toArtifact,
} from 'speech-emotion';
import { clipsOf } from '../../docs/figures/modelFigures.ts';
import { protocolFigures } from '../../docs/figures/protocolFigures.ts';
import { counted } from '../../docs/figures/words.ts';
import { UsageError } from '../../examples/node/commandLine.ts';
import { percent } from '../report/printEvaluation.ts';
import type { ResultFile } from '../results/resultFile.ts';
import { readResult } from '../results/resultStore.ts';
import type { Recipe, RecipeName } from '../training/trainingConfig.ts';

/** Where a recipe's model comes from and goes to. */
export function releaseNames(recipe: RecipeName) {
  const isMain = recipe === 'independent';
  const suffix = isMain ? '' : `-${recipe}`;
  return {
    /** What the cross-validation of the recipe found. */
    results: `docs/results/si5${suffix}.json`,
    /** Where the state of the training is kept. */
    run: `runs/release${suffix}`,
    /** Name of the model's files, without their endings. */
    model: isMain ? 'model' : recipe,
  };
}

/**
 * How sure a model of the recipe may be, and how well it does, by models that the same recipe made.
 *
 * @throws {UsageError} when the results are of another recipe or lack folds
 */
export async function crossValidated(
  path: string,
  recipe: Recipe,
): Promise<
  Pick<ModelSettings, 'calibration'> & { readonly evaluation: { protocol: string; metrics: Record<string, number> } }
> {
  const file = readResult<ResultFile>(path);
  if (!file)
    throw new UsageError(`Cannot calibrate: ${path} must hold results of the model's recipe, got no such file`);
  if (JSON.stringify(file.recipe) !== JSON.stringify(recipe)) {
    throw new UsageError(`Cannot calibrate: ${path} must hold results of the model's recipe, got another's`);
  }
  const figures = protocolFigures(file);
  if (!figures) throw new UsageError(`Cannot calibrate: ${path} must hold a seed with all folds, got none`);
  const { uar, war, macroF1, seeds } = figures.single;
  return {
    calibration: { temperature: fitTemperature(seeds.flatMap(clipsOf)) },
    evaluation: {
      protocol: `models of the same recipe, ${file.says}; mean of ${counted(seeds.length, 'seed')}`,
      metrics: { uar: uar.mean, war: war.mean, macroF1: macroF1.mean },
    },
  };
}

/**
 * The model that lies in a folder under a name.
 *
 * @throws {UsageError} when there is none
 */
export async function readRelease(folder: string, name: string): Promise<TrainedModel> {
  const json = readResult<ModelArtifact['json']>(join(folder, `${name}.json`));
  if (!json) throw new UsageError(`Cannot calibrate: --out must be where ${name}.json lies, got '${folder}'`);
  return fromArtifact({ json, weights: new Uint8Array(await readFile(join(folder, `${name}.bin`))) });
}

/** Writes the model with weights of 16 bits, and says what it is; what ships must load. */
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
