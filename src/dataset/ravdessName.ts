// 'Actor_05/03-01-05-02-01-02-05.wav' → { emotion: 'angry', actor: 5, … }
//
// Seven two-digit fields: modality, channel, emotion, intensity, statement, repetition, actor. Livingstone & Russo
// (2018), https://doi.org/10.1371/journal.pone.0196391, and the corpus page, https://doi.org/10.5281/zenodo.1188976.

import { DatasetError } from '../core/errors.ts';
import { EMOTIONS, type Emotion } from './emotion.ts';

/** The modalities of RAVDESS, in the order of their codes 01 to 03; the sound-only recordings are `'audio'`. */
export const RAVDESS_MODALITIES = ['audio-video', 'video', 'audio'] as const;

/** The channels of RAVDESS, in the order of their codes 01 and 02. */
export const RAVDESS_CHANNELS = ['speech', 'song'] as const;

/** The emotional intensities of RAVDESS, in the order of their codes 01 and 02. */
export const RAVDESS_INTENSITIES = ['normal', 'strong'] as const;

/** The two statements that every actor speaks or sings, in the order of their codes 01 and 02. */
export const RAVDESS_STATEMENTS = ['Kids are talking by the door', 'Dogs are sitting by the door'] as const;

/** How many actors RAVDESS has; they are numbered from 1, the odd ones male, the even ones female. */
export const RAVDESS_ACTORS = 24;

/** What the name of a RAVDESS file encodes. */
export interface RavdessMetadata {
  /** Sound only, video only, or both. */
  readonly modality: (typeof RAVDESS_MODALITIES)[number];
  /** Spoken or sung. */
  readonly channel: (typeof RAVDESS_CHANNELS)[number];
  /** The emotion that was acted; in song one of the first six. */
  readonly emotion: Emotion;
  /** How strongly it was acted; neutral is always `'normal'`. */
  readonly intensity: (typeof RAVDESS_INTENSITIES)[number];
  /** The number of the statement. */
  readonly statement: 1 | 2;
  /** The words of the statement. */
  readonly text: (typeof RAVDESS_STATEMENTS)[number];
  /** First or second take. */
  readonly repetition: 1 | 2;
  /** The number of the actor, 1 to 24. */
  readonly actor: number;
  /** The sex of the actor: odd numbers are male, even ones female. */
  readonly sex: 'male' | 'female';
}

/**
 * Reads the metadata out of the name of a RAVDESS file.
 *
 * Only the last part of a path counts, and its extension is free, so that converted copies keep their meaning.
 *
 * @param name a path or a bare name, with `/` or `\` between folders
 * @throws {DatasetError} when the name breaks a rule of the corpus; the message names the file and the rule
 * @example
 * ```ts
 * parseRavdessName('Actor_05/03-01-05-02-01-02-05.wav');
 * // { modality: 'audio', channel: 'speech', emotion: 'angry', intensity: 'strong', statement: 1,
 * //   text: 'Kids are talking by the door', repetition: 2, actor: 5, sex: 'male' }
 * ```
 */
export function parseRavdessName(name: string): RavdessMetadata {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const fail = (rule: string): never => {
    throw new DatasetError(`Cannot read the RAVDESS name '${name}': ${rule}`, { file: name });
  };

  const codes = /^(\d\d(?:-\d\d){6})(?:\.[^.]+)?$/.exec(base)?.[1]?.split('-');
  if (!codes) {
    return fail(`it must be seven two-digit numbers with hyphens between them, as in 03-01-05-02-01-02-05.wav`);
  }
  const field = (index: number, meaning: string, count: number): number => {
    const value = Number(codes[index]);
    if (value >= 1 && value <= count) return value;
    return fail(`the ${meaning} must be 01 to ${twoDigits(count)}, got ${codes[index]}`);
  };

  const modality = field(0, 'modality', RAVDESS_MODALITIES.length);
  const channel = field(1, 'channel', RAVDESS_CHANNELS.length);
  const emotion = field(2, 'emotion', EMOTIONS.length);
  const intensity = field(3, 'intensity', RAVDESS_INTENSITIES.length);
  const statement = field(4, 'statement', RAVDESS_STATEMENTS.length);
  const repetition = field(5, 'repetition', 2);
  const actor = field(6, 'actor', RAVDESS_ACTORS);
  if (emotion === 1 && intensity === 2) fail('the intensity of neutral (emotion 01) must be 01, got 02');
  if (channel === 2 && emotion > 6) {
    fail(`the emotion of a song (channel 02) must be 01 to 06, without disgust and surprised, got ${codes[2]}`);
  }

  return {
    modality: RAVDESS_MODALITIES[modality - 1]!,
    channel: RAVDESS_CHANNELS[channel - 1]!,
    emotion: EMOTIONS[emotion - 1]!,
    intensity: RAVDESS_INTENSITIES[intensity - 1]!,
    statement: statement as 1 | 2,
    text: RAVDESS_STATEMENTS[statement - 1]!,
    repetition: repetition as 1 | 2,
    actor,
    sex: actor % 2 === 1 ? 'male' : 'female',
  };
}

/**
 * Writes the name that RAVDESS gives to a recording: the inverse of {@link parseRavdessName}, without folder and extension.
 *
 * @param metadata what the name encodes; `text` and `sex` follow from the rest and are ignored
 * @throws {DatasetError} when the corpus has no such name, e.g. for a strong neutral
 * @example
 * ```ts
 * formatRavdessName(parseRavdessName('Actor_05/03-01-05-02-01-02-05.wav')); // '03-01-05-02-01-02-05'
 * ```
 */
export function formatRavdessName(metadata: Omit<RavdessMetadata, 'text' | 'sex'>): string {
  const name = [
    RAVDESS_MODALITIES.indexOf(metadata.modality) + 1,
    RAVDESS_CHANNELS.indexOf(metadata.channel) + 1,
    EMOTIONS.indexOf(metadata.emotion) + 1,
    RAVDESS_INTENSITIES.indexOf(metadata.intensity) + 1,
    metadata.statement,
    metadata.repetition,
    metadata.actor,
  ]
    .map(twoDigits)
    .join('-');
  parseRavdessName(name);
  return name;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
