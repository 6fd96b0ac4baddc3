// a stream → the styles that may be written to it

import { styleText } from 'node:util';

/** Puts a style around a text. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Colours where the stream is a terminal that has them, and nobody asked for none: https://no-color.org */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const hasColours = stream.isTTY && !process.env.NO_COLOR && stream.hasColors();
  return hasColours ? styleText : (_, text) => text;
}
