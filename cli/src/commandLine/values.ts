// words of a command line → values, or what is wrong with them

import { InvalidArgumentError } from 'commander';

/** A whole number. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A number. */
export function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** Which channel is listened to. */
export type ChannelChoice = 'mix' | 'each' | number;

/** `mix`, or a channel's number. */
export function oneChannel(text: string): 'mix' | number {
  if (text === 'mix') return text;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be 'mix', or the number of a channel, from 0 on.");
}

/** `mix`, `each`, or a channel's number. */
export function channelChoice(text: string): ChannelChoice {
  if (text === 'mix' || text === 'each') return text;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be 'mix', 'each', or the number of a channel, from 0 on.");
}

/** A regular expression: what its first group matches in a name. */
export function firstGroup(text: string): (name: string) => string | undefined {
  try {
    const expression = new RegExp(text, 'u');
    return (name) => expression.exec(name)?.[1];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
