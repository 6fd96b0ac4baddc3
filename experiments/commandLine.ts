// argv of an experiment → what it asks for: numbers, workers, a training configuration

import { availableParallelism } from 'node:os';
import { UsageError, wholeNumber } from '../examples/node/commandLine.ts';
import { type ConfigName, TRAINING_CONFIGS } from './training/trainingConfig.ts';

/** Trainings in parallel: the number of `--workers`, or one per core; one with webgpu, as there is a single GPU. */
export function workersFor(backend: string, text?: string): number {
  if (text !== undefined) return wholeNumber('workers', text);
  return backend === 'webgpu' ? 1 : availableParallelism();
}

/** `1-4,9` → [1, 2, 3, 4, 9]. */
export function numberList(name: string, text: string): number[] {
  return text.split(',').flatMap((part) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!range) throw new UsageError(`Cannot read --${name}: it must be numbers and ranges such as 1-4,9, got ${text}`);
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  });
}

/** `0.94,1.06` → [0.94, 1.06]; `none` → []. */
export function speedList(name: string, text: string): number[] {
  if (text === 'none') return [];
  return text.split(',').map((part) => {
    if (/^\d*\.?\d+$/.test(part.trim()) && Number(part) > 0) return Number(part);
    throw new UsageError(`Cannot read --${name}: it must be numbers such as 0.94,1.06, or none, got ${text}`);
  });
}

/**
 * The name of a training configuration, as `--config` gives it.
 *
 * @throws {UsageError} when there is none of that name
 */
export function configNamed(name: string): ConfigName {
  if (name in TRAINING_CONFIGS) return name as ConfigName;
  throw new UsageError(
    `Cannot find the configuration: --config must be ${Object.keys(TRAINING_CONFIGS).join(', ')}, got '${name}'`,
  );
}
