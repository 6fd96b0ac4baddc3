// a JSON file, and what the command line says beside it → options of the library's functions

import { readFile } from 'node:fs/promises';
import type { CnnLstmOptions, FeatureExtractorOptions, PrepareOptions, TrainOptions } from 'speech-emotion';

/** What a file may say: options of the library's functions, by their names. */
interface TrainingFile extends Pick<PrepareOptions, 'speeds' | 'copies'> {
  /** Options of `FeatureExtractor`. */
  readonly features?: FeatureExtractorOptions;
  /** Options of `buildCnnLstm`. */
  readonly network?: CnnLstmOptions;
  /** Options of `train`. */
  readonly train?: TrainOptions;
}

/** What a training is to be like. */
export interface TrainingConfig extends Required<TrainingFile> {
  /** Of all that is drawn, but for what the file has seeds of its own for. */
  readonly seed: number;
}

/** What the command line says of it. */
interface TrainingConfigFlags {
  readonly config?: string;
  readonly epochs?: number;
  readonly seed?: number;
}

const OBJECTS = ['features', 'network', 'train'];
const PARTS = [...OBJECTS, 'speeds', 'copies'];

/** Options of `train` that no file can hold, or that are the command's. */
const NOT_OF_FILES = ['validation', 'checkpoint', 'teacher', 'onProgress', 'signal'];

/**
 * Reads a configuration, whose parts are checked by the functions that take them. Flags come before it, and it before defaults.
 *
 * @throws {Error} when the file cannot be read, is no JSON, or has parts of other names
 */
export async function trainingConfig(flags: TrainingConfigFlags): Promise<TrainingConfig> {
  const { features = {}, speeds = [0.94, 1.06], copies = [], network, train } = await read(flags.config);
  const seed = flags.seed ?? train?.seed ?? 1;
  return {
    ...{ features, speeds, copies, seed },
    network: { ...network, seed: flags.seed ?? network?.seed ?? seed },
    train: { ...train, seed, epochs: flags.epochs ?? train?.epochs },
  };
}

async function read(path: string | undefined): Promise<TrainingFile> {
  if (path === undefined) return {};
  const file = await readJson(path);
  const must = (rule: string) => new Error(`Cannot read the configuration ${path}: ${rule}`);
  if (!isObject(file)) throw must(`it must be an object, got ${JSON.stringify(file)}`);
  for (const [part, value] of Object.entries(file)) {
    if (!PARTS.includes(part)) throw must(`its parts must be among ${PARTS.join(', ')}, got ${part}`);
    if (OBJECTS.includes(part) && !isObject(value)) {
      throw must(`${part} must be an object, got ${JSON.stringify(value)}`);
    }
  }
  const { train = {} } = file as TrainingFile;
  const own = NOT_OF_FILES.find((name) => name in train);
  if (own !== undefined) throw must(`train.${own} must be left out`);
  return file;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`Cannot read the configuration ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
