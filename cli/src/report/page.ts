// titles, charts and tables → one self-contained HTML file

/** A section of a report. */
export interface Section {
  readonly title: string;
  /** Plain text beneath the title. */
  readonly text?: string;
  /** SVG, each with a text for those who cannot see it. */
  readonly figures?: readonly { readonly svg: string; readonly alt: string }[];
  /** Tables of text; the first row of each is its head. */
  readonly table?: readonly (readonly string[])[];
}

const STYLE = `
  :root { color-scheme: light dark; --ink: #17131f; --paper: #faf8f4; --faint: #625d69; --line: #e2dcd2; }
  .on-dark { display: none; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #f6f2ea; --paper: #100e14; --faint: #a29dab; --line: #2e2a38; }
    .on-light { display: none; } .on-dark { display: block; }
  }
  body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 'Bricolage Grotesque Variable', 'Bricolage Grotesque', system-ui, sans-serif; color: var(--ink); background: var(--paper); }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
  figure { margin: 1rem 0; overflow-x: auto; } svg { max-width: 100%; height: auto; } .mark-rect { shape-rendering: crispedges; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: .2rem .8rem .2rem 0; text-align: left; border-bottom: 1px solid var(--line); }
  footer, .text { color: var(--faint); } .text { white-space: pre-line; }`;

/** A picture for light pages and one for dark ones, of which a page shows one. */
export async function bothThemes(draw: (theme: 'light' | 'dark') => string | Promise<string>): Promise<string> {
  return `<div class="on-light">${await draw('light')}</div><div class="on-dark">${await draw('dark')}</div>`;
}

/** A page of the sections; everything but `figures[].svg` is escaped. */
export function page(title: string, sections: readonly Section[], footer = ''): string {
  return [pageHead(title), ...sections.map(section), pageFoot(footer)].join('\n');
}

/** A page up to its first section, for pages that are written as their sections come. */
export function pageHead(title: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
<h1>${escapeHtml(title)}</h1>`;
}

/** What comes after the last section. */
export function pageFoot(footer: string): string {
  return `<footer><p>${escapeHtml(footer)}</p></footer>
</html>
`;
}

/** One section of a page. */
export function section({ title, text, figures = [], table: rows }: Section): string {
  return [
    `<section><h2>${escapeHtml(title)}</h2>`,
    text ? `<p class="text">${escapeHtml(text)}</p>` : '',
    ...figures.map(({ svg, alt }) => `<figure role="img" aria-label="${escapeHtml(alt)}">${svg}</figure>`),
    rows ? table(rows) : '',
    '</section>',
  ].join('\n');
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</table>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
