// any text → text of an XML document, also between quotes

import { oneLine } from './oneLine.ts';

/** Text in a line, with references where XML has marks. */
export function xmlText(text: string): string {
  return oneLine(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
