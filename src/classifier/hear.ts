// any input → what is made of its sound, or of each of its channels

import { type Channel, type ChannelUse, checkChannel } from '../audio/channels.ts';
import { checkMaxSeconds, type DecodeOptions } from '../audio/decode.ts';
import { type MonoPiece, type MonoPieces, monoPieces } from '../audio/monoPieces.ts';
import { type AudioInput, soundPieces } from '../audio/soundPieces.ts';
import { abortable } from '../core/abortable.ts';
import { loadPart } from '../core/loadPart.ts';

/** Options of a call that listens to each channel by itself. */
export type EachChannel<Options> = Omit<Options, 'channel'> & {
  /** Each channel by itself: an array of results, one for each. */
  readonly channel: 'each';
};

/** Options of a call that listens to one channel, a mix, or each by itself. */
export type AnyChannel<Options> = Omit<Options, 'channel'> & {
  /** Which channel is listened to; `'each'` gives an array of results, one for each. @default 'mix' */
  readonly channel?: Channel | 'each' | undefined;
};

/** Mono sound, and where it is a mix, what was mixed. */
export type HeardSound = AsyncIterable<MonoPiece> & { readonly channels?: ChannelUse | undefined };

/**
 * What is made of a sound, or of each of its channels: of all of them at once, as the sound is read once.
 *
 * @param action for messages: `Cannot <action>: …`
 * @param make is called with the sound, and where it is of one of several, which that is
 * @returns rejects as soon as the signal aborts, whether the source gives anything or not
 */
export async function hear<T>(
  action: string,
  input: AudioInput,
  { maxSeconds, channel = 'mix', signal }: AnyChannel<DecodeOptions>,
  make: (sound: HeardSound, which: { readonly channel?: number }) => Promise<T>,
): Promise<T | T[]> {
  if (channel !== 'each') {
    return abortable(make(openMono(action, input, { maxSeconds, channel, signal }), {}), signal);
  }
  checkMaxSeconds(action, maxSeconds);
  const { separateChannels } = await loadPart(
    import('../audio/separateChannels.ts'),
    (reason, cause) => new Error(`Cannot ${action}: what takes channels apart is ${reason}`, { cause }),
  );
  const channels = await abortable(
    separateChannels(action, soundPieces(action, input, { maxSeconds, signal })),
    signal,
  );
  // Where one fails, its sound is ended, and so that of the others: they would wait for it.
  const made = async (sound: AsyncGenerator<MonoPiece, void, undefined>, channel: number) => {
    try {
      return await make(sound, { channel });
    } catch (error) {
      await sound.throw(error).catch(() => {});
      throw error;
    }
  };
  const all = Promise.allSettled(channels.map(made));
  return (await abortable(all, signal)).map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** The sound of any input, mono, piece by piece. */
export function openMono(
  action: string,
  input: AudioInput,
  { maxSeconds, channel = 'mix', signal }: DecodeOptions & { readonly channel?: Channel | undefined },
): MonoPieces {
  checkMaxSeconds(action, maxSeconds);
  checkChannel(action, channel);
  return monoPieces(action, soundPieces(action, input, { maxSeconds, signal }), { channel });
}
