// where the real recordings are → paths for tests, or a reason to skip

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const folder = process.env.RAVDESS ?? fileURLToPath(new URL('../../../shared/ravdess', import.meta.url));
const find = (name: string) => (existsSync(`${folder}/${name}`) ? `${folder}/${name}` : undefined);

/** All 1440 speech clips at 16 kHz. */
export const ravdessZip = find('Audio_Speech_Actors_01-24.zip');
/** All 1012 song clips at 16 kHz. */
export const ravdessSongZip = find('Audio_Song_Actors_01-24.zip');
/** Actor 01's speech clips as published, 48 kHz. */
export const ravdessOriginalZip = find('original/Actor_01.zip');

const missing =
  ravdessZip && ravdessSongZip && ravdessOriginalZip
    ? undefined
    : `not all recordings are in ${folder}; set RAVDESS to their folder`;

/** `describe` where the recordings are, skipped with the reason otherwise; continuous integration demands them. */
export function withRavdess(title: string, body: () => void): void {
  if (missing) describe.skip(`${title} (skipped: ${missing})`, body);
  else describe(title, body);
}

if (process.env.RAVDESS_REQUIRED && missing) throw new Error(`The RAVDESS recordings are required: ${missing}`);
