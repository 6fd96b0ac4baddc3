// a file's name, or a message with one → text that a terminal shows and does not obey

/** Names can hold line ends, and codes that move the cursor. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is meant
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
