// folders or archives → labelled clips, by the names of RAVDESS or by their folders

import { basename } from 'node:path';
import { LabelledDataset, RavdessDataset } from 'speech-emotion';
import { parseRavdessName } from 'speech-emotion/corpora';
import { openSources } from 'speech-emotion/node';

/**
 * Opens clips: those of RAVDESS where a file is named as its clips are, otherwise those of folders named after emotions.
 *
 * @param speakerOf tells who speaks in a file that is none of RAVDESS; undefined where nobody knows
 */
export async function labelledClips(
  paths: readonly string[],
  speakerOf: ((name: string) => string | undefined) | undefined,
  signal: AbortSignal,
): Promise<LabelledDataset> {
  const sources = await openSources(paths, { signal });
  if (sources.some(({ name }) => isOfRavdess(name))) return RavdessDataset.from(sources, { signal });
  return LabelledDataset.from(sources, { speaker: speakerOf, signal });
}

function isOfRavdess(name: string): boolean {
  try {
    return parseRavdessName(basename(name)) !== undefined;
  } catch {
    return false;
  }
}
