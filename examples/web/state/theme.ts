// the chosen theme, and the device's → the one that is shown

import { computed, effect, signal } from '@preact/signals';
import { settings } from './settings.ts';

const preference = matchMedia('(prefers-color-scheme: dark)');
const deviceIsDark = signal(preference.matches);
preference.addEventListener('change', () => {
  deviceIsDark.value = preference.matches;
});

/** The theme that is shown. */
export const theme = computed<'light' | 'dark'>(() => {
  const { value } = settings.theme;
  if (value !== 'system') return value;
  return deviceIsDark.value ? 'dark' : 'light';
});

/** The other theme, until it is chosen otherwise. */
export function toggleTheme(): void {
  settings.theme.value = theme.value === 'dark' ? 'light' : 'dark';
}

effect(() => {
  document.documentElement.dataset.theme = settings.theme.value;
});

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether the device asks for no motion. */
export const reducedMotion = signal(calm.matches);
calm.addEventListener('change', () => {
  reducedMotion.value = calm.matches;
});
