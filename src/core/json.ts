// JSON text from anywhere → its value

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

/**
 * Whether arrays and objects lie in each other deeper than so, in a circle for example: what walks down such a value, as
 * `JSON.stringify` does, overflows the stack. Asked level by level, and so of any depth.
 */
export function isNestedDeeper(value: unknown, maxDepth = MAX_DEPTH): boolean {
  const isNested = (item: unknown) => typeof item === 'object' && item !== null && !ArrayBuffer.isView(item);
  let level = new Set([value].filter(isNested));
  for (let depth = 0; level.size > 0; depth++) {
    if (depth >= maxDepth) return true;
    const next = new Set<unknown>();
    for (const item of level) for (const inner of Object.values(item as object)) if (isNested(inner)) next.add(inner);
    level = next;
  }
  return false;
}
