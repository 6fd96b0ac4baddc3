// JSON text → its value, whoever wrote it

/** Deeper than anything that this library writes, and far from what a stack holds. */
const MAX_DEPTH = 100;

/**
 * Parses JSON from outside, in a stack of bounded depth: what is nested deeper is refused before anything walks down it, the
 * engine's parser or a schema.
 *
 * @param maxDepth how many arrays and objects may lie in each other
 * @throws {SyntaxError} when the text is no JSON
 * @throws {RangeError} when it is nested deeper
 */
export function parseJson(text: string, maxDepth = MAX_DEPTH): unknown {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === '}' || character === ']') depth--;
    else if (character === '{' || character === '[') {
      depth++;
      if (depth > maxDepth) {
        throw new RangeError(`Cannot parse JSON: values may be nested ${maxDepth} deep, and are deeper at ${i}`);
      }
    }
  }
  return JSON.parse(text);
}

/** Where the string that starts at `start` ends, or the text, where the string does not. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
