// what tables have in common → their columns

import type { Column } from './rowWriter.ts';

/** Where a segment is, in seconds. */
export const TIMES: readonly Column[] = [
  { name: 'start', type: 'number' },
  { name: 'end', type: 'number' },
];

/** What is said of a sound, before the scores. */
export const ESTIMATE: readonly Column[] = [
  { name: 'speech', type: 'boolean' },
  { name: 'label', type: 'string' },
  { name: 'confidence', type: 'number' },
];
