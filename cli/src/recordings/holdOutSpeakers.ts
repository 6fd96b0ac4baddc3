// labelled clips → those to train on, and those of other speakers

import type { LabelledDataset } from 'speech-emotion';

/** Clips to train on, and clips that choose the best epoch, where there are some. */
export interface HeldOut {
  readonly training: LabelledDataset;
  readonly validation: LabelledDataset | undefined;
}

/**
 * Draws a share of the speakers, as many of each sex where it is known of every clip.
 *
 * @param share of the speakers, rounded up; 0 for none
 * @throws {Error} when it is not known who speaks, or there are too few speakers
 */
export function holdOutSpeakers(clips: LabelledDataset, share: number, seed: number): HeldOut {
  if (share === 0) return { training: clips, validation: undefined };
  const all = [...clips];
  const fault = (rule: string) =>
    new Error(`Cannot hold speakers out: ${rule}; --speaker tells them from names, --validate 0 does without`);
  const unknown = all.find(({ speaker }) => speaker === '');
  if (unknown) throw fault(`it must be known who speaks in each clip, not so in ${unknown.name}`);
  const { length } = clips.speakers;
  const speakers = Math.ceil(length * share);
  if (speakers === length) throw fault(`some must be left to train on, got ${speakers} of ${length} to hold out`);
  const balance = all.every(({ groups }) => groups.sex !== undefined) ? 'sex' : undefined;
  const { train, test } = clips.splitBySpeaker({ speakers, seed, balance });
  return { training: train, validation: test };
}
