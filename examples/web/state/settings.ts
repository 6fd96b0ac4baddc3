// what is behind the settings button, remembered

import { BACKENDS, type BackendName } from '../engine/availability.ts';
import { SHIPPED } from '../engine/choice.ts';
import { stored } from './stored.ts';

/** Which channel of a recording is listened to. */
export const CHANNELS = { mix: 'all of them, mixed', 0: 'the first (left)', 1: 'the second (right)' } as const;

/** Which theme is shown. */
export const THEMES = { system: 'as the device has it', light: 'light', dark: 'dark' } as const;

const oneOf =
  <T>(values: readonly T[]) =>
  (value: unknown): value is T =>
    values.includes(value as T);
const isYes = (value: unknown): value is boolean => typeof value === 'boolean';
const isString = (value: unknown): value is string => typeof value === 'string';
const isShare = (value: unknown): value is number | 'model' =>
  value === 'model' || (typeof value === 'number' && value >= 0 && value < 1);

/** What the page listens with. */
export const settings = {
  /** The shipped model, or one that is stored in this browser by name. */
  model: stored('model', SHIPPED, isString),
  backend: stored<BackendName>('backend', 'wasm', oneOf(BACKENDS)),
  /** Whether what was learnt of one's own voice is used. */
  ownVoice: stored('own-voice', false, isYes),
  /** The microphone's id; '' is the browser's choice. */
  microphone: stored('microphone', '', isString),
  channel: stored<'mix' | 0 | 1>('channel', 'mix', oneOf(['mix', 0, 1])),
  /** What is less certain is "not sure": the model's own threshold, or one's own. */
  threshold: stored<number | 'model'>('threshold', 'model', isShare),
  theme: stored<keyof typeof THEMES>('theme', 'system', oneOf(['system', 'light', 'dark'])),
} as const;
