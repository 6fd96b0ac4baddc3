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

/** One of some words, or a channel's number. */
export function channel<Word extends ChannelChoice & string>(
  ...words: readonly Word[]
): (text: string) => Word | number {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    if (/^\d{1,4}$/.test(text)) return Number(text);
    const known = words.map((one) => `'${one}', `).join('');
    throw new InvalidArgumentError(`It must be ${known}or the number of a channel, from 0 on.`);
  };
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
