// archives of corpora and a folder of packages → what the detector learns from, what its rule is chosen by, and what it is tested on

import { openCorpora, openRavdess } from 'speech-emotion/node';
import { corpusExcerpts, type Excerpt, packageExcerpts } from './excerpts.ts';
import type { Sounds } from './scenes.ts';
import { type Part, SOUND_PACKAGES, type SoundPackage } from './soundPackages.ts';

/** Where the sounds are. */
export interface SoundPaths {
  /** The archive of RAVDESS' speech. */
  readonly data: string;
  /** The folder of the other corpora. */
  readonly corpora: string;
  /** A folder with a folder for each package, as `dpkg -x` makes it. */
  readonly sounds: string;
}

/** Corpora whose licences allow adapted material are learnt from. The others are for tests. */
export const LEARNT = ['nemo', 'ased', 'emovo'] as const;
export const TESTED = ['tess', 'turev'] as const;
/** Of those that are learnt from, one speaker in so many is kept to choose by. */
const KEPT = 8;

/** Clips of corpora, whole. */
export async function speechClips(
  { data, corpora }: SoundPaths,
  names: readonly string[],
): Promise<Record<string, Excerpt[]>> {
  const clips: Record<string, Excerpt[]> = {};
  for (const name of names) {
    const dataset =
      name === 'ravdess' ? await openRavdess(data) : await openCorpora(corpora, { corpora: [name as 'nemo'] });
    clips[name] = await corpusExcerpts(name, dataset);
  }
  return clips;
}

/** Those of the speakers that are learnt from, or of those that are kept. */
export function ofSpeakers(clips: readonly Excerpt[], part: 'train' | 'choose'): Excerpt[] {
  const speakers = [...new Set(clips.map(({ speaker }) => speaker))].sort();
  const kept = new Set(speakers.slice(-Math.ceil(speakers.length / KEPT)));
  return clips.filter(({ speaker }) => kept.has(speaker) === (part === 'choose'));
}

/** The packages for a part, and what is in them. */
export async function otherSounds(
  { sounds }: SoundPaths,
  part: Part,
): Promise<{ from: SoundPackage; pieces: Excerpt[] }[]> {
  const found = [];
  for (const from of SOUND_PACKAGES) {
    if (from.part === part) found.push({ from, pieces: await packageExcerpts(sounds, from) });
  }
  return found;
}

/** What scenes to learn from are made of. */
export async function trainingSounds(paths: SoundPaths): Promise<Sounds> {
  const clips = await speechClips(paths, ['ravdess', ...LEARNT]);
  const others = (await otherSounds(paths, 'train')).filter(({ pieces }) => pieces.length > 0);
  const ofKind = (kind: SoundPackage['kind']) =>
    others.filter(({ from }) => from.kind === kind).map(({ pieces }) => pieces);
  return {
    speech: Object.values(clips).map((all) => ofSpeakers(all, 'train')),
    music: ofKind('music'),
    effects: ofKind('effects'),
  };
}
