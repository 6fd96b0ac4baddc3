// figures → Markdown, as the formatter of this repository would write it

/** A table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => [...row[column]!].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

/** A paragraph with lines of 150 columns at most. */
export function paragraph(text: string): string {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= 150) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** `0.6234` → `62.3 %`. */
export function percent(part: number | null | undefined): string {
  return part == null ? '–' : `${(100 * part).toFixed(1)} %`;
}

/** `1051440` → `1 051 440`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/**
 * Fills the region of that name, between `<!-- figures:NAME -->` and `<!-- /figures -->`; it is empty without content.
 *
 * @throws {Error} when the page has no such region, or more than one
 */
export function fillRegion(page: string, name: string, content: string): string {
  const parts = page.split(`<!-- figures:${name} -->`);
  const end = parts[1]?.indexOf('<!-- /figures -->') ?? -1;
  if (parts.length !== 2 || end < 0) throw new Error(`Cannot fill figures:${name}: the page must have one such region`);
  const between = content ? `\n\n${content}\n\n` : '\n\n';
  return `${parts[0]}<!-- figures:${name} -->${between}${parts[1]!.slice(end)}`;
}
