// trainings, their examples, progress and outcomes ↔ files of a folder that all machines see
//
//   examples/HASH             a part of the examples, by its content: later runs need not write it again
//   trainings/HASH/training   what is trained, by its content, so that the same training is found again
//                 /progress   what has been told of it, a line each
//                 /….checkpoint
//                 /outcome    there once it is over; when it has been taken, the training's folder is deleted

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Example, TrainingJob, TrainingResult, TrainProgress } from 'speech-emotion';
import { fileCheckpoint } from 'speech-emotion/node';
import type { Fault } from './fault.ts';
import type { SetInPlaces } from './packedSets.ts';

/** A training as it is stored: plain data. */
export interface StoredTraining extends Pick<TrainingJob, 'seed' | 'config' | 'teachers' | 'keepModel'> {
  /** Of this package: another one may train to other weights. */
  readonly version: string;
  /** The layers of the network that the caller builds: see `layersText`. */
  readonly layers: string;
  /** The second argument of the workers' `build`. */
  readonly parameters: unknown;
  /** Hashes of the parts of the examples. */
  readonly parts: readonly string[];
  readonly training: SetInPlaces;
  readonly validation: SetInPlaces | undefined;
  readonly test: SetInPlaces | undefined;
}

/** How a training ended. */
export type Outcome = { readonly result: TrainingResult } | { readonly fault: Fault };

/** A folder of trainings. */
export class TrainingStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder); // now, so that a later `process.chdir` does not move it
  }

  /** Stores a part of the examples. @returns its hash */
  async keepPart(part: readonly Example[]): Promise<string> {
    const hash = contentHash(part);
    await writeOnce(join(this.#folder, 'examples', hash), part);
    return hash;
  }

  /** The examples of all parts, one part after the other. */
  async examples(parts: readonly string[]): Promise<Example[]> {
    const all: Example[] = [];
    for (const hash of parts) for (const example of await this.#read<Example[]>('examples', hash)) all.push(example);
    return all;
  }

  /** Stores what is to be trained. @returns its hash */
  async begin(training: StoredTraining): Promise<string> {
    const hash = contentHash(training);
    await writeOnce(join(this.#pathOf(hash), 'training'), training);
    return hash;
  }

  training(hash: string): Promise<StoredTraining> {
    return this.#read('trainings', hash, 'training');
  }

  /** Where a training keeps its checkpoint. */
  checkpoints(hash: string): string {
    return this.#pathOf(hash);
  }

  tell(hash: string, progress: TrainProgress): void {
    // A worker that was killed may have left half a line: it ends where the next one begins.
    appendFileSync(join(this.#pathOf(hash), 'progress'), `\n${serialize(progress).toString('base64')}\n`);
  }

  /** What has been told of a training, from a byte on. @returns also where to go on from */
  async told(
    hash: string,
    from: number,
  ): Promise<{ readonly progress: readonly TrainProgress[]; readonly end: number }> {
    const bytes = await bytesFrom(join(this.#pathOf(hash), 'progress'), from);
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    const lines = whole.toString('latin1').split('\n');
    return { progress: lines.flatMap(progressOf), end: from + whole.length };
  }

  finish(hash: string, outcome: Outcome): Promise<void> {
    return fileCheckpoint(this.#outcomeOf(hash)).save(serialize(outcome));
  }

  /** How a training has ended; undefined while it has not. */
  async outcome(hash: string): Promise<Outcome | undefined> {
    const bytes = await fileCheckpoint(this.#outcomeOf(hash)).load();
    return bytes && (deserialize(bytes) as Outcome);
  }

  hasOutcome(hash: string): boolean {
    return existsSync(this.#outcomeOf(hash));
  }

  /** What has failed may be tried again, from its checkpoint. */
  forgetOutcome(hash: string): Promise<void> {
    return rm(this.#outcomeOf(hash), { force: true });
  }

  /** Deletes all that there is of a training but the examples. */
  forget(hash: string): Promise<void> {
    return rm(this.#pathOf(hash), { recursive: true, force: true });
  }

  #pathOf(hash: string): string {
    return join(this.#folder, 'trainings', hash);
  }

  #outcomeOf(hash: string): string {
    return join(this.#pathOf(hash), 'outcome');
  }

  async #read<T>(...path: string[]): Promise<T> {
    const file = join(this.#folder, ...path);
    const bytes = await fileCheckpoint(file).load();
    if (bytes) return deserialize(bytes) as T;
    throw new Error(`Cannot train: the store must be the folder of whoever asks for the training, got none of ${file}`);
  }
}

/** A file that is named after its content need not be written again. */
async function writeOnce(path: string, content: unknown): Promise<void> {
  if (!existsSync(path)) await fileCheckpoint(path).save(serialize(content));
}

/** Of plain data, typed arrays and maps in it. */
function contentHash(content: unknown): string {
  const text = JSON.stringify(content, (_, part) => {
    if (part instanceof Map) return [...part];
    return ArrayBuffer.isView(part) ? sha256(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)) : part;
  });
  return sha256(text);
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function bytesFrom(path: string, from: number): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Nothing of a line that was cut off. */
function progressOf(line: string): TrainProgress[] {
  if (line === '') return [];
  try {
    return [deserialize(Buffer.from(line, 'base64')) as TrainProgress];
  } catch {
    return [];
  }
}
