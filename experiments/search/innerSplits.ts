// protocol → inner splits of the training parts of some of its folds: what training configurations are chosen on

import type { RavdessDataset, Recording } from 'speech-emotion';
import type { Fold } from 'speech-emotion/corpora';
import { PROTOCOLS, withSongs } from '../protocols/protocols.ts';

/**
 * Pairs of an outer fold, whose test clips are left out, and the fold that the inner split validates on.
 *
 * The validation part is the test part of another outer fold. There are two, so that a configuration is not fitted to a handful of
 * actors; no trial is ever scored on the test clips of the remaining outer folds.
 */
const OUTER_AND_VALIDATION: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  si5: [
    [0, 1],
    [2, 3],
  ],
  sd10: [
    [0, 1],
    [5, 6],
  ],
};

/**
 * The inner splits of a protocol.
 *
 * @param songs sung clips; if the protocol keeps actors apart, not those of actors that are scored or left out
 * @throws {RangeError} for a protocol that has none
 */
export function innerSplits(
  protocol: string,
  speech: RavdessDataset,
  songs: RavdessDataset,
): Fold<readonly Recording[]>[] {
  const pairs = OUTER_AND_VALIDATION[protocol];
  if (!pairs) {
    const known = Object.keys(OUTER_AND_VALIDATION).join(' or ');
    throw new RangeError(`Cannot cut inner splits: protocol must be ${known}, got ${protocol}`);
  }
  const { folds, speakers } = PROTOCOLS[protocol]!;
  const outer = folds({ speech });
  return pairs.map(([left, scored]) => {
    const [leftOut, test] = [outer[left]!.test, outer[scored]!.test];
    const excluded = new Set(Array.from([...leftOut, ...test], ({ name }) => name));
    const name = `${outer[scored]!.name} without ${outer[left]!.name}`;
    const train = [...speech].filter((clip) => !excluded.has(clip.name));
    return withSongs({ name, train, test }, songs, speakers, leftOut);
  });
}
