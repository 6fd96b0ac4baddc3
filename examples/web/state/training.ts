// recordings and settings → a training in a worker: its course, its model, how that compares

import { batch, computed, signal } from '@preact/signals';
import type { EpochRecord } from 'speech-emotion';
import type { ConfusionMatrix } from 'speech-emotion/evaluation';
import type { Comparison, Outcome, Progress, TrainingSettings } from '../training/messages.ts';
import { forgetRun, type Run, rememberRun, resumableRuns } from '../training/runs.ts';
import { TrainingFailure } from '../training/trainingClient.ts';
import { announce } from './announcement.ts';
import { fillForm, form, settingsOfForm, trainer } from './corpus.ts';
import { percent } from './figures.ts';
import { offer, tellStored } from './models.ts';
import { settings } from './settings.ts';

/** What is being done. */
export type Work = 'training' | 'stopping' | 'saving' | 'packing' | 'comparing';

/** The course of a training. */
export interface Course {
  readonly settings: TrainingSettings;
  readonly labels: readonly string[];
  readonly records: readonly EpochRecord[];
  /** The loss of each batch, at its place in epochs: of many, some. */
  readonly batches: readonly (readonly [place: number, loss: number])[];
  /** Of the held-out clips, as they were heard after the last epoch, or by the model that is kept. */
  readonly confusion: ConfusionMatrix | undefined;
  /** How much of the present work is done. */
  readonly share: number;
  /** What is computed now. */
  readonly now: string;
  readonly warnings: readonly string[];
}

/** The training's state. */
export const training = {
  work: signal<Work | undefined>(undefined),
  course: signal<Course | undefined>(undefined),
  /** What there is to say, most of all why something went wrong. */
  status: signal<{ readonly words: string; readonly isWrong: boolean } | undefined>(undefined),
  /** What came of it; undefined until it is done. */
  outcome: signal<Outcome | undefined>(undefined),
  comparison: signal<Comparison | undefined>(undefined),
  /** Trainings that can be resumed. */
  runs: signal<readonly Run[]>([]),
} as const;

/** The run of the name in the form, where one was begun. */
export const runOfForm = computed(() =>
  training.runs.value.find(({ settings }) => settings.name === form.name.value.trim()),
);

/** Whether the model is only here, and not saved yet. */
export const isUnsaved = computed(() => {
  const run = runOfForm.value;
  return training.outcome.value !== undefined && run !== undefined && run.epochs === run.settings.epochs;
});

/** Looks for trainings of earlier visits. */
export async function findRuns(): Promise<void> {
  training.runs.value = await resumableRuns();
}

/** Begins a training; one of the same name goes on, unless it is to begin anew. */
export async function start(from: 'form' | 'run' | 'anew'): Promise<void> {
  if (training.work.peek()) return;
  const run = runOfForm.peek();
  if (from === 'run' && run) await fillForm(run.settings);
  const wanted = settingsOfForm.peek();
  if (!wanted) return from === 'run' ? say(OTHERS, true) : undefined;
  if (from === 'anew') await forgetRun(wanted.name);
  begin(wanted);
  try {
    const outcome = await trainer.call('train', wanted, settings.backend.peek());
    finish(outcome);
  } catch (error) {
    if (error instanceof TrainingFailure && error.stopped) say('Stopped.');
    else say(explained((error as Error).message), true);
  }
  await findRuns();
  const stopped = runOfForm.peek();
  if (stopped && !training.outcome.peek() && !training.status.peek()?.isWrong) {
    say(`Stopped after epoch ${stopped.epochs} of ${stopped.settings.epochs}. It can be resumed, also another day.`);
  }
  training.work.value = undefined;
}

function begin(wanted: TrainingSettings): void {
  since = undefined;
  batch(() => {
    training.work.value = 'training';
    training.outcome.value = training.comparison.value = undefined;
    training.course.value = {
      ...{
        settings: wanted,
        labels: [],
        records: [],
        batches: [],
        confusion: undefined,
        share: 0,
        now: '',
        warnings: [],
      },
    };
    say('Starting …');
  });
  trainer.onProgress = take;
}

/** Ends it after this batch; it can be resumed. */
export function stop(): void {
  if (training.work.peek() !== 'training') return;
  training.work.value = 'stopping';
  say('Stopping after this batch …');
  trainer.stop();
}

function say(words: string, isWrong = false): void {
  training.status.value = { words, isWrong };
  announce(words);
}

function change(changes: Partial<Course>): void {
  const { value } = training.course;
  if (value) training.course.value = { ...value, ...changes };
}

function take(progress: Progress): void {
  const { value: course } = training.course;
  if (!course) return;
  if (progress.type === 'backend') say(progress.words);
  else if (progress.type === 'warning') change({ warnings: [...course.warnings, progress.words] });
  else if (progress.type === 'features') takeRead(progress);
  else if (progress.type === 'clips') takeClips(progress);
  else if (progress.type === 'resume') takeResumed(progress);
  else if (progress.type === 'batch') takeBatch(course, progress);
  else if (progress.type === 'epoch') takeEpoch(course, progress);
  else if (progress.type === 'checkpoint') rememberRun({ settings: course.settings, epochs: progress.epochs });
}

/** Progress of one kind. */
type Of<T extends Progress['type']> = Extract<Progress, { type: T }>;

function takeRead({ done, total }: Of<'features'>): void {
  if (done === 1) say(`Reading ${total} recordings …`);
  change({ share: done / total, now: `Recording ${done} of ${total} read and turned into features.` });
}

function takeClips({ trained, heldOut, labels }: Of<'clips'>): void {
  say(`Training on ${trained} clips; ${heldOut} are held out.`);
  change({ labels, share: 0, now: 'The first batch …' });
}

function takeResumed({ epochs, batches, history }: Of<'resume'>): void {
  say(`Goes on after epoch ${epochs}${batches > 0 ? ` and ${batches} batches` : ''}.`);
  change({ records: history });
}

/** Batches that charts are drawn of at most: of more, every second one goes. */
const MOST_BATCHES = 400;
/** From one batch that is told to the next, in milliseconds: a fast training has hundreds a second. */
const PAUSE = 200;

let since: { readonly at: number; steps: number; told: number } | undefined;

function takeBatch(course: Course, progress: Of<'batch'>): void {
  const { epoch, epochs, batch, batches, loss, learningRate } = progress;
  const now = performance.now();
  const done = epoch - 1 + batch / batches;
  const left = since ? timeLeft(((epochs - done) * batches * (now - since.at)) / 1000 / Math.max(1, since.steps)) : '';
  since ??= { at: now, steps: -1, told: Number.NEGATIVE_INFINITY };
  since.steps++;
  if (now - since.told < PAUSE && batch < batches) return;
  since.told = now;
  const kept = course.batches.length < MOST_BATCHES ? course.batches : course.batches.filter((_, i) => i % 2 === 0);
  const figures = `loss ${loss.toFixed(2)}, learning rate ${learningRate.toPrecision(2)}`;
  change({
    batches: [...kept, [done, loss]],
    ...{ share: done / epochs, now: `Epoch ${epoch} of ${epochs}, batch ${batch} of ${batches}: ${figures}. ${left}` },
  });
}

function takeEpoch(course: Course, progress: Of<'epoch'>): void {
  const { epoch, epochs, record, best, confusion } = progress;
  change({ records: [...course.records, record], confusion });
  const uar = percent(record.validation?.uar ?? 0);
  say(`Epoch ${epoch} of ${epochs} is over: UAR ${uar} on what was held out${best ? ', the best so far' : ''}.`);
}

function finish(outcome: Outcome): void {
  const { score, bestEpoch, history } = outcome;
  const { low, high } = score.interval;
  const between = low < high ? `; with other speakers between ${percent(low)} and ${percent(high)}, likely` : '';
  batch(() => {
    training.outcome.value = outcome;
    change({
      ...{ records: history, confusion: score.confusion, labels: score.labels, share: 1 },
      now: `Done after ${history.length} epochs. Kept is what epoch ${bestEpoch} had learnt.`,
    });
    say(`Trained: UAR ${percent(score.uar)} on what was held out${between}.`);
  });
}

const OTHERS =
  'The training of this name is of other recordings, or cannot be read. Choose the recordings that it was begun with, or begin anew.';

function explained(words: string): string {
  if (!/^Cannot (resume training|split by speaker)/.test(words)) return words;
  return OTHERS;
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `About ${Math.max(1, Math.round(seconds))} seconds left.`;
  if (seconds < 5400) return `About ${Math.round(seconds / 60)} minutes left.`;
  return `About ${(seconds / 3600).toFixed(1)} hours left.`;
}

async function whileAt(work: Work, doing: string, task: () => Promise<string>): Promise<void> {
  if (training.work.peek()) return;
  training.work.value = work;
  say(doing);
  try {
    say(await task());
  } catch (error) {
    say((error as Error).message, true);
  }
  training.work.value = undefined;
}

/** Keeps the model in this browser; what has its name is replaced, which the page says beforehand. */
export const saveTrained = () =>
  whileAt('saving', 'Saving …', async () => {
    const { name } = training.course.peek()!.settings;
    await trainer.call('save', name);
    await forgetRun(name);
    await findRuns();
    await tellStored(name);
    return `Saved as “${name}”. It can be chosen as the model in the settings.`;
  });

/** Gives it out as a file. */
export const downloadTrained = () =>
  whileAt('packing', 'Packing the model …', async () => {
    const file = `${training.course.peek()!.settings.name}.zip`;
    offer(file, await trainer.call('packTrained'));
    return `${file} holds model.json and the weights.`;
  });

/** Asks the shipped model about the same clips. */
export const compare = () =>
  whileAt('comparing', 'Asking both models …', async () => {
    training.comparison.value = await trainer.call('compare');
    return 'Compared.';
  });
