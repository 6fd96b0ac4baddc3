// settings → a dialog of them

import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { BACKEND_TITLES, BACKENDS, type BackendName, whyNot } from '../engine/availability.ts';
import { SHIPPED } from '../engine/choice.ts';
import { classifier, findStoredModels, loadAgain, modelName, storedModels } from '../state/classifier.ts';
import { percent } from '../state/figures.ts';
import { findMicrophones, microphones } from '../state/microphones.ts';
import { CHANNELS, settings, THEMES } from '../state/settings.ts';
import { ownVoice } from '../state/voice.ts';
import { Button } from './button.tsx';

const isOpen = signal(false);
const reasons = signal<Partial<Record<BackendName, string>>>({});

/** Opens the dialog. */
export function openSettings(): void {
  isOpen.value = true;
  void findStoredModels();
  void findMicrophones();
  void findReasons();
}

async function findReasons(): Promise<void> {
  const found = await Promise.all(BACKENDS.map(async (name) => [name, await whyNot(name)] as const));
  reasons.value = Object.fromEntries(found.filter(([, reason]) => reason));
}

/** All that waits behind the settings button. */
export function SettingsDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(
    () =>
      effect(() => {
        if (isOpen.value) dialog.current?.showModal();
      }),
    [],
  );
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={() => (isOpen.value = false)}>
      {isOpen.value && <Settings title={title} />}
    </dialog>
  );
}

function Settings({ title }: { title: string }) {
  const { value: state } = classifier;
  const threshold = settings.threshold.value;
  const own = state.is === 'ready' ? (state.classifier.settings.calibration.sureAbove ?? 0) : 0;
  const shown = threshold === 'model' ? own : threshold;
  return (
    <form method="dialog">
      <h2 id={title}>Settings</h2>
      <div class="fields">
        <div class="fields-beside">
          <Choice
            label="Model"
            value={settings.model.value}
            options={[SHIPPED, ...storedModels.value].map((model) => [model, modelName(model)])}
            onChoose={(model) => (settings.model.value = model)}
          />
          {ownVoice.value && (
            <Choice
              label="Voice"
              value={settings.ownVoice.value ? 'own' : 'every'}
              options={[
                ['every', 'everybody’s'],
                ['own', 'yours, as it was learnt'],
              ]}
              onChoose={(whose) => (settings.ownVoice.value = whose === 'own')}
            />
          )}
        </div>
        <Choice
          label="Compute with"
          value={settings.backend.value}
          options={BACKENDS.map((name) => [name, withReason(name), reasons.value[name] !== undefined])}
          onChoose={(name) => (settings.backend.value = name as BackendName)}
        >
          <p class={state.is === 'failed' ? 'secondary error-words' : 'secondary'} role="status">
            {state.is === 'loading' ? 'Loading the model …' : state.words}
          </p>
          {state.is === 'failed' && (
            <Button small onClick={loadAgain}>
              Try again
            </Button>
          )}
        </Choice>
        <Choice
          label="Microphone"
          value={settings.microphone.value}
          options={[['', 'the usual one'], ...microphones.value.map(({ id, name }) => [id, name] as const)]}
          onChoose={(id) => (settings.microphone.value = id)}
        >
          <p class="secondary">Listened to as it is: noise, echo and gain are not changed, since they carry emotion.</p>
        </Choice>
        <Choice
          label="Channel of recordings"
          value={String(settings.channel.value)}
          options={Object.entries(CHANNELS)}
          onChoose={(channel) => (settings.channel.value = channel === 'mix' ? 'mix' : (Number(channel) as 0 | 1))}
        />
        <div class="field">
          <label for="threshold">Not sure below {percent(shown)}</label>
          <input
            id="threshold"
            type="range"
            min="0"
            max="95"
            value={Math.round(100 * shown)}
            onInput={({ currentTarget }) => (settings.threshold.value = Number(currentTarget.value) / 100)}
          />
          {threshold !== 'model' && (
            <Button small onClick={() => (settings.threshold.value = 'model')}>
              As the model says
            </Button>
          )}
        </div>
        <Choice
          label="Theme"
          value={settings.theme.value}
          options={Object.entries(THEMES)}
          onChoose={(theme) => (settings.theme.value = theme as keyof typeof THEMES)}
        />
      </div>
      <button type="submit" class="button filled">
        Done
      </button>
    </form>
  );
}

function withReason(name: BackendName): string {
  const reason = reasons.value[name];
  return reason ? `${BACKEND_TITLES[name]}: ${reason}` : BACKEND_TITLES[name];
}

function Choice({
  label,
  value,
  options,
  onChoose,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string, disabled?: boolean])[];
  readonly onChoose: (value: string) => void;
  readonly children?: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {options.map(([option, text, disabled]) => (
          <option key={option} value={option} disabled={disabled}>
            {text}
          </option>
        ))}
      </select>
      {children}
    </div>
  );
}
