// recordings → the fields of a training, each with what is wrong with it

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { storedModels } from '../../state/classifier.ts';
import {
  chosen,
  type Field,
  faults,
  form,
  knowSpeakersBy,
  parts,
  speakers,
  toggleHeldOut,
} from '../../state/corpus.ts';
import { training } from '../../state/training.ts';
import type { SpeakerRule, TrainingSettings } from '../../training/messages.ts';

const RULES: readonly (readonly [SpeakerRule, string])[] = [
  ['name', 'the file’s name: anna in happy/anna_01.wav'],
  ['folder', 'the folder above: anna in anna/happy/01.wav'],
  ['none', 'nothing: speakers are not told apart'],
];
const SIZES: readonly (readonly [TrainingSettings['size'], string])[] = [
  ['small', 'small: minutes'],
  ['pretrained', 'that of the small model: hours'],
];

/** The form. */
export function SettingsForm() {
  const { value: state } = chosen;
  if (state.is !== 'open') return null;
  const { kind, speakers: all } = state.corpus;
  const isNamed = all.length > 0;
  const name = form.name.value.trim();
  return (
    <fieldset class="training-fields" disabled={training.work.value !== undefined}>
      <legend>
        <h2>Training</h2>
      </legend>
      <Fault of="corpus" />
      {kind === 'labelled' && (
        <ChoiceField
          field="speakersBy"
          label="Who speaks is known by"
          options={RULES}
          onChoose={(rule) => void knowSpeakersBy(rule as SpeakerRule)}
        />
      )}
      <TextField field="name" label="Name of the model">
        {storedModels.value.includes(name) && (
          <p class="secondary">There is a model “{name}” in this browser: saving this one replaces it.</p>
        )}
      </TextField>
      <div class="field-row">
        <TextField field="epochs" label="Epochs" inputMode="numeric" />
        <TextField field="batchSize" label="Clips a batch" inputMode="numeric" />
      </div>
      <ChoiceField
        field="size"
        label="Network"
        options={SIZES}
        onChoose={(size) => (form.size.value = size as TrainingSettings['size'])}
      />
      {isNamed && <TextField field="speakers" label="Only speakers" placeholder="all, or such as 1-6, 9" />}
      {isNamed && <HeldOut />}
      <Split isNamed={isNamed} recordings={state.corpus.recordings} />
    </fieldset>
  );
}

function Fault({ of, id }: { of: Field | 'corpus'; id?: string }) {
  const words = faults.value[of];
  return words ? (
    <p class="error-words" id={id}>
      {words}
    </p>
  ) : null;
}

type TextName = 'name' | 'epochs' | 'batchSize' | 'speakers';

function TextField({
  field,
  label,
  children,
  ...rest
}: {
  readonly field: TextName;
  readonly label: string;
  readonly placeholder?: string;
  readonly inputMode?: 'numeric';
  readonly children?: ComponentChildren;
}) {
  const id = useId();
  const isWrong = faults.value[field] !== undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...rest}
        id={id}
        autocomplete="off"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : undefined}
        value={form[field].value}
        onInput={({ currentTarget }) => (form[field].value = currentTarget.value)}
      />
      <Fault of={field} id={`${id}-fault`} />
      {children}
    </div>
  );
}

function ChoiceField({
  field,
  label,
  options,
  onChoose,
}: {
  readonly field: 'speakersBy' | 'size';
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}) {
  const id = useId();
  const isWrong = faults.value[field] !== undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={form[field].value}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : undefined}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      <Fault of={field} id={`${id}-fault`} />
    </div>
  );
}

function HeldOut() {
  const id = useId();
  const isWrong = faults.value.heldOut !== undefined;
  return (
    <fieldset class="held-out" aria-describedby={isWrong ? id : undefined}>
      <legend>Held out: not trained on, but asked after each epoch</legend>
      <div class="choices">
        {speakers.value.map(({ speaker, isHeldOut }) => (
          <label key={speaker} class="chip">
            <input type="checkbox" checked={isHeldOut} onChange={() => toggleHeldOut(speaker)} />
            {speaker}
          </label>
        ))}
      </div>
      <Fault of="heldOut" id={id} />
    </fieldset>
  );
}

function Split({ isNamed, recordings }: { isNamed: boolean; recordings: number }) {
  const { value: split } = parts;
  if (!isNamed) {
    return (
      <p class="secondary split">
        A fifth of the recordings is held out. Who speaks in them may be trained on, too, so the figures say little
        about others.
      </p>
    );
  }
  if (!split || Object.keys(faults.value).length > 0) return null;
  return (
    <p class="secondary split">
      {split.trained} of {recordings} recordings are trained on, {split.heldOut} are held out.
    </p>
  );
}
