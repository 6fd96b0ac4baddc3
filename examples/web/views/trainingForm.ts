// corpus, fields → the settings of a training, or what is wrong with them

import { byId, make, refill, say } from '../dom.ts';
import type { Corpus, SpeakerRule, TrainingSettings } from '../training/messages.ts';

const options = byId<HTMLFieldSetElement>('training-options');
const name = byId<HTMLInputElement>('training-name');
const epochs = byId<HTMLInputElement>('training-epochs');
const batchSize = byId<HTMLInputElement>('training-batch-size');
const size = byId<HTMLSelectElement>('training-size');
const use = byId<HTMLInputElement>('training-use');
const heldOut = byId<HTMLFieldSetElement>('training-held-out');
const speakersBy = byId<HTMLSelectElement>('training-speakers-by');
const clips = byId('training-clips');

/** The fields of a training's settings. */
export class TrainingForm {
  #corpus: Corpus | undefined;

  /** @param onChange is called after each change of a field */
  constructor(onChange: () => void) {
    use.addEventListener('input', () => this.#listSpeakers());
    for (const type of ['input', 'change']) {
      options.addEventListener(type, () => {
        this.#describe();
        onChange();
      });
    }
  }

  /** Name of the model and of its run. */
  get name(): string {
    return name.value.trim();
  }

  /** How speakers are known, if the recordings are not RAVDESS. */
  get speakersBy(): SpeakerRule {
    return speakersBy.value as SpeakerRule;
  }

  /** Whether anything can be changed. */
  set disabled(disabled: boolean) {
    options.disabled = disabled || !this.#corpus;
  }

  /** Sets the recordings to train on; undefined for none. */
  set corpus(corpus: Corpus | undefined) {
    this.#corpus = corpus;
    const named = (corpus?.speakers.length ?? 0) > 0;
    byId('training-use-label').hidden = !named;
    heldOut.hidden = !named;
    this.disabled = false;
    this.#listSpeakers();
    this.#describe();
  }

  /** Fills the fields with settings, as far as these speakers exist. */
  fill(settings: TrainingSettings): void {
    name.value = settings.name;
    epochs.value = String(settings.epochs);
    batchSize.value = String(settings.batchSize);
    size.value = settings.size;
    speakersBy.value = settings.speakersBy;
    use.value = settings.speakers.join(', ');
    this.#listSpeakers();
    const held = this.#boxes().map(({ value }) => settings.heldOut.includes(value));
    // Settings for other recordings have none of these speakers.
    if (held.includes(true)) for (const [i, box] of this.#boxes().entries()) box.checked = held[i]!;
    this.#describe();
  }

  /** @throws {Error} with a message for the user */
  settings(): TrainingSettings {
    const corpus = this.#corpus;
    if (!corpus) throw new Error('Choose recordings first.');
    if (!this.name) throw new Error('The model needs a name.');
    if (corpus.labels.length < 2) {
      throw new Error(`All recordings are ${corpus.labels[0]![0]}: there must be two labels at least to tell apart.`);
    }
    const settings: TrainingSettings = {
      ...{ name: this.name, speakersBy: this.speakersBy, size: size.value as TrainingSettings['size'] },
      epochs: whole('Epochs', epochs),
      batchSize: whole('Clips a batch', batchSize),
      speakers: use.value.trim() ? this.#used() : [],
      heldOut: this.#boxes().flatMap(({ checked, value }) => (checked ? [value] : [])),
    };
    if (corpus.speakers.length > 0) this.#checkSpeakers(corpus, settings);
    return settings;
  }

  #checkSpeakers({ speakers, withoutSpeaker }: Corpus, { heldOut }: TrainingSettings): void {
    const ways = 'choose another way to know who speaks, or that speakers are not told apart';
    if (withoutSpeaker > 0)
      throw new Error(`The names of ${withoutSpeaker} recordings do not say who speaks: ${ways}.`);
    if (speakers.length === 1) {
      throw new Error(
        `All recordings are of one speaker, ${speakers[0]![0]}. How well a model does on others can only be known from ` +
          `others: add recordings of somebody else, or ${ways}.`,
      );
    }
    const used = this.#used();
    if (used.length < 2) throw new Error('There must be two speakers at least: one to train on, one to hold out.');
    if (heldOut.length === 0) throw new Error('Nobody is held out: tick a speaker at least.');
    if (heldOut.length === used.length) throw new Error('Everybody is held out: leave somebody to train on.');
  }

  /** The speakers of the field: names, numbers and ranges of numbers. */
  #used(): string[] {
    const known = this.#corpus?.speakers.map(([speaker]) => speaker) ?? [];
    const text = use.value.trim();
    if (!text) return known;
    const chosen = text.split(',').flatMap((part) => {
      const wanted = part.trim();
      const [, from, to] = /^(\d+)\s*[-–]\s*(\d+)$/.exec(wanted) ?? [];
      const isWanted = (speaker: string) =>
        from === undefined
          ? speaker === wanted || (wanted !== '' && Number(speaker) === Number(wanted))
          : Number(speaker) >= Number(from) && Number(speaker) <= Number(to);
      const found = known.filter(isWanted);
      if (found.length === 0) throw new Error(`There is no speaker ${wanted || '(nothing)'} in these recordings.`);
      return found;
    });
    return known.filter((speaker) => chosen.includes(speaker));
  }

  #boxes(): HTMLInputElement[] {
    return [...heldOut.querySelectorAll('input')];
  }

  /** A box for each speaker in use; about a fifth of them are ticked, evenly spread. */
  #listSpeakers(): void {
    let used: string[];
    try {
      used = this.#used();
    } catch {
      if (document.activeElement === use) return; // half a range has been typed
      use.value = ''; // it was about other recordings
      used = this.#used();
    }
    const held = Math.max(1, Math.round(used.length / 5));
    const isHeld = (place: number) =>
      Math.floor(((place + 1) * held) / used.length) > Math.floor((place * held) / used.length);
    const boxes = used.map((speaker, place) => {
      const box = make('input', { type: 'checkbox', value: speaker, checked: used.length > 1 && isHeld(place) });
      return make('label', {}, box, ` ${speaker}`);
    });
    refill(heldOut.querySelector('.choices')!, boxes);
  }

  #describe(): void {
    try {
      say(clips, this.#corpus ? this.#parts(this.#corpus) : '');
    } catch (error) {
      say(clips, (error as Error).message, true);
    }
  }

  /** The split of the recordings, in words. */
  #parts({ speakers, recordings }: Corpus): string {
    const { heldOut } = this.settings();
    if (speakers.length === 0) {
      return 'A fifth of the recordings is held out. Who speaks in them may be trained on, too, so the figures say little about others.';
    }
    const used = new Set(this.#used());
    const of = (isWanted: (speaker: string) => boolean) =>
      speakers.filter(([speaker]) => used.has(speaker) && isWanted(speaker)).reduce((sum, [, count]) => sum + count, 0);
    const held = of((speaker) => heldOut.includes(speaker));
    const trained = of((speaker) => !heldOut.includes(speaker));
    return `${trained} of ${recordings} recordings are trained on, ${held} are held out.`;
  }
}

function whole(title: string, { valueAsNumber, min, max }: HTMLInputElement): number {
  if (Number.isInteger(valueAsNumber) && valueAsNumber >= Number(min) && valueAsNumber <= Number(max))
    return valueAsNumber;
  throw new Error(`${title}: a whole number from ${min} to ${max}, please.`);
}
