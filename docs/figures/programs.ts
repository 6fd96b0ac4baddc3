// programs of examples/node → blocks of code on a page

import { readFile } from 'node:fs/promises';
import { fillRegion } from './markdown.ts';

/** The page with each region filled by the program whose file it names. */
export async function fillPrograms(page: string, files: Readonly<Record<string, string>>): Promise<string> {
  let filled = page;
  for (const [region, file] of Object.entries(files)) {
    const code = await readFile(new URL(`../../examples/node/${file}`, import.meta.url), 'utf8');
    filled = fillRegion(filled, region, `\`\`\`ts\n${code.trim()}\n\`\`\``);
  }
  return filled;
}
