// path of a RAVDESS clip → emotion, actor, sex, intensity

import { DatasetError } from '../../core/errors.ts';
import { EMOTIONS } from '../emotion.ts';
import { formatRavdessName, parseRavdessName, type RavdessMetadata } from '../ravdessName.ts';
import { isMedia } from '../source.ts';
import type { Corpus, CorpusClip } from './corpus.ts';

/** The sound-only clips of the Ryerson Audio-Visual Database of Emotional Speech and Song. */
export const ravdess: RavdessCorpus = {
  title: 'RAVDESS',
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS): A dynamic, ' +
    'multimodal set of facial and vocal expressions in North American English. PLoS ONE 13(5): e0196391. ' +
    'https://doi.org/10.1371/journal.pone.0196391',
  languages: ['en'],
  labels: EMOTIONS,
  speakers: '24 (12 f, 12 m)',
  naming:
    '`Actor_01/03-01-06-01-02-01-12.wav`: modality, channel (01 speech, 02 song), emotion, intensity, statement, repetition, actor',
  remarks:
    'Speech and song, apart by the group vocalChannel. Actor 07 has one happy clip under two names (repetitions 01 and 02 of dogs, ' +
    'normal), which published protocols keep.',
  parse(path) {
    if (!isMedia(path)) return undefined;
    const metadata = parseRavdessName(path);
    const { modality, channel, emotion, actor, sex, intensity } = metadata;
    if (modality !== 'audio') {
      throw new DatasetError(`Cannot use '${path}': its modality must be audio (03), got ${modality}`, { file: path });
    }
    const speaker = speakerOf(actor);
    return {
      label: emotion,
      speaker,
      groups: { actor: speaker, sex, intensity, vocalChannel: channel, emotion },
      id: `${speaker} ${formatRavdessName(metadata)}`,
      metadata,
    };
  },
};

/** RAVDESS leaves none of its recordings out. */
export interface RavdessCorpus extends Corpus<RavdessClip> {
  parse(path: string): RavdessClip | undefined;
}

/** A clip of RAVDESS, with all that is in the name of its file. */
export interface RavdessClip extends CorpusClip {
  readonly id: string;
  /** All that the name encodes. */
  readonly metadata: RavdessMetadata;
}

/** The name of an actor as a speaker: two digits. */
export function speakerOf(actor: number): string {
  return String(actor).padStart(2, '0');
}
