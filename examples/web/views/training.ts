// recordings and settings → a training in a worker, its progress, and its model

import { listStoredModels } from 'speech-emotion/browser';
import { byId, make, percent, say, wordsOf } from '../dom.ts';
import type { Engine } from '../engine/engine.ts';
import type { ChosenFile, Comparison, Corpus, Score, TrainingSettings } from '../training/messages.ts';
import { forgetRun, type Run, rememberRun, resumableRuns } from '../training/runs.ts';
import { TrainingClient, TrainingFailure } from '../training/trainingClient.ts';
import { TrainingCourse } from './trainingCourse.ts';
import { TrainingForm } from './trainingForm.ts';

const button = (id: string) => byId<HTMLButtonElement>(`training-${id}`);
const [start, resume, anew, stop] = [button('start'), button('resume'), button('anew'), button('stop')];
const ofModel = [button('save'), button('download'), button('compare')];
const inputs = ['files', 'folder', 'load'].map((id) => byId<HTMLInputElement>(`training-${id}`));
const [chosenFiles, chosenFolder, chosenModel] = inputs as [HTMLInputElement, HTMLInputElement, HTMLInputElement];
const speakersBy = byId<HTMLSelectElement>('training-speakers-by');
const status = byId('training-status');
const kept = byId('training-kept');

/**
 * Sets the view up.
 *
 * @param onModels is called when another model is stored in this browser
 */
export function trainingView(engine: Engine, onModels: () => Promise<void>): void {
  let files: ChosenFile[] = [];
  let corpus: Corpus | undefined;
  let course: TrainingCourse | undefined;
  let runs: Run[] = [];
  let busy = false;
  let running: TrainingSettings | undefined;
  let trained = false;

  const client = new TrainingClient((progress) => {
    course?.take(progress);
    if (progress.type !== 'checkpoint' || !running) return;
    rememberRun({ settings: running, epochs: progress.epochs });
  });
  const form = new TrainingForm(refresh);

  chosenFiles.accept = `.zip,${byId<HTMLInputElement>('file').accept}`;
  for (const input of [chosenFiles, chosenFolder]) {
    input.addEventListener('change', () => {
      files = [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
      for (const other of [chosenFiles, chosenFolder]) if (other !== input) other.value = '';
      void open();
    });
  }
  speakersBy.addEventListener('change', () => void open());
  start.addEventListener('click', () => void run(() => form.settings()));
  resume.addEventListener('click', () => void run(() => runOf(form.name)!.settings));
  anew.addEventListener('click', () =>
    run(async () => {
      const settings = form.settings();
      await forgetRun(settings.name);
      return settings;
    }),
  );
  stop.addEventListener('click', () => {
    stop.disabled = true;
    say(status, 'Stopping after this batch …');
    client.stop();
  });
  button('save').addEventListener('click', () => work(`Saving ${form.name} …`, save));
  button('download').addEventListener('click', () => work('Packing the model …', download));
  button('compare').addEventListener('click', () => work('Asking both models …', compare));
  chosenModel.addEventListener('change', () => work('Reading the model …', load));
  void findRuns().then(() => {
    const [last] = runs;
    if (!last) return;
    form.fill(last.settings);
    const { name, epochs } = last.settings;
    const how =
      last.epochs === epochs ? 'is done, but was not saved' : `stopped after epoch ${last.epochs} of ${epochs}`;
    say(status, `The training “${name}” ${how}. Choose its recordings, then resume.`);
    refresh();
  });
  refresh();

  function runOf(name: string): Run | undefined {
    return runs.find(({ settings }) => settings.name === name);
  }

  async function findRuns(): Promise<void> {
    runs = await resumableRuns();
    refresh();
  }

  /** Enables and disables the buttons. */
  function refresh(): void {
    const stopped = runOf(form.name);
    const isHere = trained && stopped?.epochs === stopped?.settings.epochs; // done, and only not saved yet
    let ready = corpus !== undefined && !busy;
    try {
      form.settings();
    } catch {
      ready = false; // the form says why
    }
    start.hidden = running !== undefined || stopped !== undefined;
    anew.hidden = running !== undefined || !stopped;
    resume.hidden = anew.hidden || isHere;
    stop.hidden = running === undefined;
    for (const each of [start, resume, anew]) each.disabled = !ready;
    for (const each of ofModel) each.disabled = !trained || busy;
    for (const each of [...inputs, speakersBy]) each.disabled = busy;
    form.disabled = busy;
  }

  async function whileBusy(task: () => Promise<void>): Promise<void> {
    if (busy) return;
    busy = true;
    refresh();
    try {
      await task();
    } finally {
      busy = false;
      refresh();
    }
  }

  async function open(): Promise<void> {
    if (files.length === 0) return;
    await whileBusy(async () => {
      const data = byId('training-data');
      corpus = undefined;
      trained = false; // what it was measured by is gone
      byId('training-comparison').hidden = true;
      say(data, 'Looking at the files …');
      try {
        const opened = client.call('open', files, form.speakersBy);
        await TrainingCourse.prepare();
        corpus = await opened;
        byId('training-speakers-row').hidden = corpus.kind === 'ravdess';
        say(data, inWords(corpus));
      } catch (error) {
        say(data, wordsOf(error), true);
      }
      form.corpus = corpus;
      const stopped = runOf(form.name);
      if (stopped) form.fill(stopped.settings);
    });
  }

  async function run(settingsOf: () => TrainingSettings | Promise<TrainingSettings>): Promise<void> {
    await whileBusy(async () => {
      try {
        const settings = await settingsOf();
        form.fill(settings);
        trained = false;
        byId('training-comparison').hidden = true;
        say(kept, '');
        running = settings;
        stop.disabled = false;
        refresh();
        if (document.activeElement === document.body) stop.focus(); // the button that had the focus is gone
        say(status, 'Starting …');
        course = await TrainingCourse.begin(settings.epochs);
        course.finish(await client.call('train', settings, engine.choice.backend));
        trained = true;
      } catch (error) {
        if (error instanceof TrainingFailure && error.stopped) say(status, 'Stopped.');
        else say(status, explain(wordsOf(error)), true);
      }
      const hadFocus = document.activeElement === stop || document.activeElement === document.body;
      running = undefined;
      await findRuns();
      const stopped = runOf(form.name);
      if (stopped && !trained && !status.classList.contains('error')) {
        say(
          status,
          `Stopped after epoch ${stopped.epochs} of ${stopped.settings.epochs}. It can be resumed, also another day.`,
        );
      }
      if (hadFocus)
        queueMicrotask(() => [...ofModel, resume, start].find(({ disabled, hidden }) => !disabled && !hidden)?.focus());
    });
  }

  function work(doing: string, task: () => Promise<string>): void {
    void whileBusy(async () => {
      say(kept, doing);
      try {
        say(kept, await task());
      } catch (error) {
        say(kept, wordsOf(error), true);
      }
    });
  }

  async function save(): Promise<string> {
    const { name } = form;
    const before = await listStoredModels();
    await client.call('save', name);
    await forgetRun(name);
    await findRuns();
    return listed(name, before.includes(name));
  }

  /** Adds it to the list of models; the engine loads it again if it used the model that it replaces. */
  async function listed(name: string, replaced: boolean): Promise<string> {
    await onModels();
    if (engine.choice.model === name) void engine.choose({ model: name });
    return `Saved as “${name}”${replaced ? ', in place of the one before' : ''}. It can be chosen as the model at the top of the page.`;
  }

  async function download(): Promise<string> {
    const address = URL.createObjectURL(await client.call('pack'));
    const link = make('a', { href: address, download: `${form.name}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // not before the browser has begun to read
    return `${link.download} holds model.json and the weights.`;
  }

  async function load(): Promise<string> {
    const chosen = [...(chosenModel.files ?? [])];
    chosenModel.value = '';
    const archive = chosen.find(({ name }) => /\.zip$/i.test(name));
    const name = archive?.name.replace(/\.zip$/i, '') ?? form.name;
    const before = await listStoredModels();
    await client.call('keep', chosen, name, engine.choice.backend);
    return listed(name, before.includes(name));
  }

  async function compare(): Promise<string> {
    const comparison = await client.call('compare');
    showComparison(comparison, corpus?.kind === 'ravdess');
    return 'Compared.';
  }
}

function inWords({ kind, recordings, labels, speakers, skipped }: Corpus): string {
  const of = kind === 'ravdess' ? `recordings of RAVDESS, ${speakers.length} actors` : 'recordings';
  const by =
    kind === 'labelled' && speakers.length > 0 ? ` by ${speakers.length} speaker${speakers.length > 1 ? 's' : ''}` : '';
  const counts = labels.map(([label, count]) => `${label} ${count}`).join(', ');
  const left =
    skipped.length > 0 ? ` Left out: ${skipped.length} files, such as ${skipped[0]!.name}: ${skipped[0]!.reason}.` : '';
  return `${recordings} ${of}${by}: ${counts}.${left}`;
}

function explain(words: string): string {
  if (!/^Cannot (resume training|split by speaker)/.test(words)) return words;
  return 'The training of this name is of other recordings, or cannot be read. Choose the recordings that it was begun with, or begin anew.';
}

function showComparison({ trained, shipped, clips }: Comparison, heard: boolean): void {
  const other = 'reason' in shipped ? undefined : shipped;
  const row = (title: string, figure: (score: Score) => number | null | undefined) => {
    const cells = [trained, other].map((score) => {
      const share = score && figure(score);
      return make('td', {}, typeof share === 'number' ? percent(share) : '–');
    });
    return make('tr', {}, make('th', { scope: 'row' }, title), ...cells);
  };
  const place = byId('training-comparison');
  place.querySelector('tbody')!.replaceChildren(
    row('UAR: mean over the labels', ({ uar }) => uar),
    row('Of all clips', ({ war }) => war),
    ...trained.labels.map((label, i) => row(label, ({ recalls }) => recalls[i])),
  );
  const honest = heard
    ? ' The shipped model was trained on all 24 actors of RAVDESS: it has heard these very clips, so its figures say nothing about new voices.'
    : '';
  const words = 'reason' in shipped ? ` The shipped model is not asked: ${shipped.reason}.` : honest;
  place.querySelector('p')!.textContent =
    `${clips} clips. The best epoch of the model trained here was chosen by them, which flatters it a little.${words}`;
  place.hidden = false;
}
