// scores → a bar for each label, for a terminal or a log

import { styleText } from 'node:util';

const WIDTH = 40;

/** Plain text; with colours if standard output is a terminal that has them. */
export function bars(scores: readonly { readonly label: string; readonly score: number }[]): string {
  const colours = process.stdout.isTTY && process.stdout.hasColors();
  const widest = Math.max(...scores.map(({ label }) => label.length));
  const lines = scores.map(({ label, score }, i) => {
    const full = Math.round(WIDTH * score);
    const bar = '█'.repeat(full) + '·'.repeat(WIDTH - full);
    const line = `  ${label.padEnd(widest)}  ${bar} ${(100 * score).toFixed(1).padStart(5)} %`;
    return colours && i === 0 ? styleText(['bold', 'cyan'], line) : line;
  });
  return lines.join('\n');
}
