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

/** `describe` where the recordings are, `describe.skip` otherwise; continuous integration demands them. */
export const withRavdess = ravdessZip && ravdessSongZip && ravdessOriginalZip ? describe : describe.skip;

if (process.env.RAVDESS_REQUIRED && withRavdess === describe.skip) {
  throw new Error(
    `The RAVDESS recordings are required but not all were found in ${folder}; set RAVDESS to their folder`,
  );
}
