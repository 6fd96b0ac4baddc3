// folders or archives → labelled clips, by the names of RAVDESS or by their folders

import { LabelledDataset, RavdessDataset } from 'speech-emotion';
import { openSources } from 'speech-emotion/node';
import { ravdessName } from './ravdessName.ts';

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
  if (sources.some(({ name }) => ravdessName(name))) return RavdessDataset.from(sources, { signal });
  return LabelledDataset.from(sources, { speaker: speakerOf, signal });
}
