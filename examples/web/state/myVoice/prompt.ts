// takes → what is to be said next

import { computed, effect, signal } from '@preact/signals';
import { ROUNDS } from './sentences.ts';
import { addTake, labels, roundsOf, takes } from './takes.ts';

/** A take that is missing. */
export interface Prompt {
  readonly label: string;
  readonly round: number;
}

/** The emotion whose turn it is, if it has takes missing; then those after it. */
const turn = signal('');

/** What is to be said next; undefined where nothing is missing. */
export const prompt = computed<Prompt | undefined>(() => {
  const from = Math.max(0, labels.value.indexOf(turn.value));
  const inTurn = [...labels.value.slice(from), ...labels.value.slice(0, from)];
  for (const label of inTurn) {
    const round = roundsOf(label).indexOf(undefined);
    if (round >= 0) return { label, round };
  }
  return undefined;
});

/** All takes there can be. */
export const total = computed(() => ROUNDS * labels.value.length);

/** Says an emotion next. */
export function choose(label: string): void {
  turn.value = label;
}

/** Goes on with the emotion after this one. */
export function skip(): void {
  const at = labels.value.indexOf(prompt.value?.label ?? '');
  turn.value = labels.value[(at + 1) % labels.value.length]!;
}

/** Takes files for what is to be said next. */
export function addFiles(files: readonly File[]): void {
  for (const file of files) {
    if (prompt.value) addTake(prompt.value.label, prompt.value.round, file);
  }
}

/** The turn stays where takes are added, also when they are removed from other emotions. */
effect(() => {
  if (takes.value.length > 0 && prompt.value) turn.value = prompt.value.label;
});
