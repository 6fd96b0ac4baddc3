// protocol → splits of the training parts of some of its folds: what recipes are chosen on

import type { Fold, RavdessDataset, RavdessRecording } from 'speech-emotion';
import { PROTOCOLS, withSongs } from '../protocols/protocols.ts';

/**
 * Folds that are cut out of the training part of outer folds, whose own test part is left alone.
 *
 * The validation part is what another outer fold tests. Two of them, so that a recipe is not fitted to a handful of actors; the
 * outer folds that are neither are tested on clips that no trial was ever scored on.
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
 * @param songs sung clips; those of actors that are scored or left alone are not trained on, where the protocol keeps actors apart
 * @throws {RangeError} for a protocol that has none
 */
export function innerSplits(
  protocol: string,
  speech: RavdessDataset,
  songs: RavdessDataset,
): Fold<readonly RavdessRecording[]>[] {
  const pairs = OUTER_AND_VALIDATION[protocol];
  if (!pairs) {
    const known = Object.keys(OUTER_AND_VALIDATION).join(' or ');
    throw new RangeError(`Cannot cut inner splits: protocol must be ${known}, got ${protocol}`);
  }
  const { folds, speakers } = PROTOCOLS[protocol]!;
  const outer = folds(speech);
  return pairs.map(([left, scored]) => {
    const [alone, test] = [outer[left]!.test, outer[scored]!.test];
    const away = new Set(Array.from([...alone, ...test], ({ name }) => name));
    const name = `${outer[scored]!.name} without ${outer[left]!.name}`;
    const train = [...speech].filter((clip) => !away.has(clip.name));
    return withSongs({ name, train, test }, songs, speakers, alone);
  });
}
