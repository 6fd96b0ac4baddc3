// the ways to enrol that are compared, in words

import type { Enrolling } from './speakerTests.ts';

/** Clips of one of the two sentences are enrolled, those of the other are tested. */
export interface Way {
  readonly name: string;
  readonly description: string;
  /** Several are averaged. */
  readonly enrolling: readonly Enrolling[];
}

/** @param labels of RAVDESS, in the order of the network's outputs */
export function waysOf(labels: readonly string[]): Way[] {
  const all = (each: number): Enrolling[] => [{ labelled: { each } }];
  const only = (names: readonly string[]): Enrolling => ({
    labelled: { each: 2, labels: names.map((name) => labels.indexOf(name)) },
  });
  return [
    { name: 'none', description: 'nothing enrolled', enrolling: [{}] },
    { name: 'labelled-1', description: 'one labelled clip of each emotion', enrolling: all(1) },
    { name: 'labelled-2', description: 'two labelled clips of each emotion', enrolling: all(2) },
    { name: 'labelled-3', description: 'three labelled clips of each emotion (two of neutral)', enrolling: all(3) },
    { name: 'unlabelled', description: '30 clips without labels', enrolling: [{ unlabelled: true }] },
    {
      name: 'unlabelled-shares',
      description: "30 clips without labels, `shares: 'equal'`",
      enrolling: [{ unlabelled: true, shares: labels.map(() => 1 / labels.length) }],
    },
    { name: 'neutral', description: 'two neutral clips only', enrolling: [only(['neutral'])] },
    {
      name: 'one-emotion',
      description: 'two clips of one emotion only, mean over the emotions',
      enrolling: labels.map((label) => only([label])),
    },
    {
      name: 'half',
      description: 'two clips each of neutral, happy, sad and angry only',
      enrolling: [only(['neutral', 'happy', 'sad', 'angry'])],
    },
    {
      name: 'mislabelled',
      description: 'two labelled clips of each emotion, three in ten labels drawn at random',
      enrolling: [{ labelled: { each: 2 }, mislabelled: 0.3 }],
    },
  ];
}
