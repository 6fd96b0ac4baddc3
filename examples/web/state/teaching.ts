// lessons → a model that has learnt them, kept in this browser, and how well it tells samples apart that it did not learn from

import { signal } from '@preact/signals';
import type { Progress, Taught, TaughtLayers } from '../training/messages.ts';
import { TrainingFailure } from '../training/trainingClient.ts';
import { announce } from './announcement.ts';
import { classes, labelOf, lessons } from './lessons.ts';
import { forgetModel, freeName, loadModelFiles, storedNames, teacher, tellStored } from './models.ts';
import { settings } from './settings.ts';
import { stored } from './stored.ts';

/** How far the teaching is. */
export type TeachingState =
  | { readonly is: 'idle' }
  | { readonly is: 'working'; readonly words: string; readonly share: number | undefined }
  | { readonly is: 'failed'; readonly reason: string };

/** The model that can be tried. */
export interface OwnModel {
  readonly name: string;
  readonly labels: readonly string[];
  /** How it did; undefined where it was loaded. */
  readonly result: (Taught & { readonly seconds: number; readonly layers: TaughtLayers }) | undefined;
}

/** The teaching. */
export const teaching = signal<TeachingState>({ is: 'idle' });

/** What was taught or loaded last. */
export const ownModel = signal<OwnModel | undefined>(undefined);

/** What is said of a file that was loaded. */
export const loading = signal<{ readonly words: string; readonly isWrong: boolean } | undefined>(undefined);

const isLayers = (value: unknown): value is TaughtLayers => value === 'head' || value === 'all';

/** The last layer alone, or all of them. */
export const layers = stored<TaughtLayers>('taught-layers', 'head', isLayers);

/** The model of this visit's lessons: teaching again replaces it, and no other. */
let mine: string | undefined;

/** Teaches the model the lessons. */
export async function teach(): Promise<void> {
  if (teaching.peek().is === 'working') return;
  const labels = classes.peek().map(labelOf);
  const how = layers.peek();
  const before = performance.now();
  teaching.value = { is: 'working', words: 'Reading the samples …', share: undefined };
  teacher.onProgress = tell;
  try {
    mine ??= freeName(labels.join(', ').slice(0, 60), await storedNames());
    const name = mine;
    const taught = await teacher.call('teach', await lessons(), { name, layers: how }, settings.backend.peek());
    const seconds = (performance.now() - before) / 1000;
    await tellStored(name);
    ownModel.value = { name, labels, result: { ...taught, seconds, layers: how } };
    teaching.value = { is: 'idle' };
    announce(`Trained. ${rightOf(taught)} of ${taught.heldOut.length} held-out samples right.`);
  } catch (error) {
    const wasStopped = error instanceof TrainingFailure && error.stopped;
    teaching.value = wasStopped ? { is: 'idle' } : { is: 'failed', reason: (error as Error).message };
    announce(wasStopped ? 'Cancelled.' : (error as Error).message);
  }
}

function tell(progress: Progress): void {
  if (teaching.peek().is !== 'working') return;
  if (progress.type === 'features') {
    const { done, total } = progress;
    teaching.value = { is: 'working', words: `Sample ${done} of ${total} read`, share: done / total };
  } else if (progress.type === 'learning') {
    teaching.value = { is: 'working', words: 'Learning …', share: undefined };
  }
}

/** How many held-out samples were told right. */
export function rightOf({ heldOut }: Taught): number {
  return heldOut.filter(({ label, heard }) => label === heard).length;
}

/** Leaves it. */
export function stopTeaching(): void {
  teacher.stop();
}

/** Takes a model from its files. */
export async function loadOwnModel(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  loading.value = { words: 'Reading the model …', isWrong: false };
  try {
    const { name, labels } = await loadModelFiles(files);
    ownModel.value = { name, labels, result: undefined };
    loading.value = { words: `Loaded, and kept as “${name}”: it tells ${labels.join(', ')} apart.`, isWrong: false };
    announce(loading.value.words);
  } catch (error) {
    loading.value = { words: (error as Error).message, isWrong: true };
    announce(loading.value.words);
  }
}

/** Forgets the model. */
export async function forgetOwnModel(): Promise<void> {
  const { value } = ownModel;
  ownModel.value = undefined;
  if (value?.name === mine) mine = undefined;
  loading.value = undefined;
  if (value) await forgetModel(value.name);
}
