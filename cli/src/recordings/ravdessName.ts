// path → what a clip of RAVDESS says of itself by its name

import { basename } from 'node:path';
import { parseRavdessName } from 'speech-emotion/corpora';

/** @returns undefined where a file is named otherwise */
export function ravdessName(path: string): ReturnType<typeof parseRavdessName> | undefined {
  try {
    return parseRavdessName(basename(path));
  } catch {
    return undefined;
  }
}
