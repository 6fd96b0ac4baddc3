// a caller's choice of channel → the choice, checked; and what is told of the channels afterwards

import { shown } from '../core/check.ts';

/**
 * Which channel of a sound is listened to: its number, from 0 on, or `'mix'`, the mean of those that carry the sound.
 *
 * A channel carries while its loudest second so far is within 20 dB of the loudest second of any channel; one that opposes the first
 * of them, as a wire the wrong way round makes it, is mixed with its sign flipped. So a microphone on one channel of two, speech in the
 * centre of six, and right = -left come at their level, and the mean of an ordinary stereo recording is just that.
 */
export type Channel = 'mix' | number;

/** What was done with the channels of a sound that has several. */
export interface ChannelUse {
  /** How many channels the sound has. */
  readonly of: number;
  /** The numbers of those that were listened to, from 0 on. */
  readonly used: readonly number[];
  /** Those of them that were mixed with their sign flipped, since they oppose the others. */
  readonly flipped: readonly number[];
}

/**
 * Holds that it names a channel, though perhaps none that a sound has.
 *
 * @throws {TypeError} when it is neither a number nor `'mix'`
 * @throws {RangeError} when it is no whole number from 0 on
 */
export function checkChannel(action: string, channel: unknown): Channel {
  if (channel === 'mix' || (Number.isInteger(channel) && (channel as number) >= 0)) return channel as Channel;
  const message = `Cannot ${action}: channel must be 'mix' or the number of a channel, from 0 on, got ${shown(channel)}`;
  throw typeof channel === 'number' ? new RangeError(message) : new TypeError(message);
}
