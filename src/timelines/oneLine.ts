// any text → a line that files of timelines have room for

/** Text without line ends, control characters and halves of characters, which no format of timelines has room for. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is meant
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]+/g, ' ');
  return line.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
