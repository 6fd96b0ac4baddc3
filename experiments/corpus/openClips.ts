// --data, --corpora, --limit → the clips that a model is tried on

import type { LabelledDataset, RavdessDataset, Recording } from 'speech-emotion';
import { mergeDatasets } from 'speech-emotion/corpora';
import { UsageError } from '../../examples/node/commandLine.ts';
import { openCorpus, openOtherCorpora } from './openCorpus.ts';

export interface OpenedClips {
  readonly all: LabelledDataset;
  /** Those of RAVDESS, spoken. */
  readonly speech: RavdessDataset | undefined;
}

/** The spoken clips of RAVDESS, and those of other corpora. */
export async function openClips(data: readonly string[], corpora: readonly string[]): Promise<OpenedClips> {
  const speech = data.length > 0 ? (await openCorpus(data, false)).filter({ channel: 'speech' }) : undefined;
  const others = corpora.length > 0 ? await openOtherCorpora(corpora) : undefined;
  const datasets = [speech, others].filter((dataset) => dataset !== undefined);
  if (datasets.length === 0) throw new UsageError('Cannot open clips: --data or --corpora must name some');
  return { all: mergeDatasets(datasets), speech };
}

/** Clips by their corpus, in the order in which corpora first occur. */
export function byCorpus(clips: Iterable<Recording>): Map<string, Recording[]> {
  const corpora = new Map<string, Recording[]>();
  for (const clip of clips) {
    const corpus = clip.corpus ?? 'unknown';
    const own = corpora.get(corpus);
    if (own) own.push(clip);
    else corpora.set(corpus, [clip]);
  }
  return corpora;
}

/** So many of all at most, evenly spaced. */
export function evenly<T>(all: readonly T[], count = all.length): T[] {
  const chosen = Math.min(count, all.length);
  return Array.from({ length: chosen }, (_, i) => all[Math.floor((i * all.length) / chosen)]!);
}
