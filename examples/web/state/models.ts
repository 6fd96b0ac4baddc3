// models of one's own → kept under names in this browser, used, taken along, loaded, forgotten

import { deleteStoredModel, listStoredModels } from 'speech-emotion/browser';
import { SHIPPED } from '../engine/choice.ts';
import { TrainingClient } from '../training/trainingClient.ts';
import { announce } from './announcement.ts';
import { findStoredModels, loadAgain } from './classifier.ts';
import { go } from './route.ts';
import { settings } from './settings.ts';

/** The worker that teaches, and that reads and writes models; it starts with the first call. */
export const teacher = new TrainingClient();

/** The name, or `name 2`, where there is a model of that name already. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  for (let i = 2; ; i++) if (!taken.includes(`${wanted} ${i}`)) return `${wanted} ${i}`;
}

/** Names of stored models, as they are now. */
export const storedNames = () => listStoredModels().catch(() => []);

/** Another model has been stored under a name: the list has it, and what is listened with is that. */
export async function tellStored(name: string): Promise<void> {
  await findStoredModels();
  if (settings.model.peek() === name) loadAgain();
}

/** Listens to recordings with it. */
export function useForRecordings(name: string): void {
  settings.model.value = name;
  go('recordings');
}

/** Removes it from this browser. */
export async function forgetModel(name: string): Promise<void> {
  if (settings.model.peek() === name) settings.model.value = SHIPPED;
  await deleteStoredModel(name);
  await findStoredModels();
  announce(`The model “${name}” is removed from this device.`);
}

/** Gives it out as a file. */
export async function downloadModel(name: string): Promise<void> {
  offer(`${name}.zip`, await teacher.call('pack', name, settings.backend.peek()));
}

/** Lets the browser save it. */
export function offer(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // not before the browser has begun to read
  announce(`${name} is saved.`);
}

/** A model that was read from a file. */
export interface Loaded {
  /** What it is kept as: not in place of another. */
  readonly name: string;
  readonly labels: readonly string[];
}

/**
 * Reads a model from its files and keeps it under the name of the file, or the next free one.
 *
 * @throws {TrainingFailure} when it is none
 */
export async function loadModelFiles(files: readonly File[]): Promise<Loaded> {
  const [first] = files;
  const archive = files.find(({ name }) => /\.zip$/i.test(name)) ?? first;
  const wanted = archive?.name.replace(/\.[^.]*$/, '') || 'model';
  const name = freeName(wanted, await storedNames());
  const labels = await teacher.call('keep', files, name, settings.backend.peek());
  await tellStored(name);
  return { name, labels };
}
