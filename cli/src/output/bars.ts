// rows → a bar for each label's score, for people

import type { Paint } from '../terminal/colours.ts';
import { printable } from '../terminal/printable.ts';
import { clock } from './clock.ts';
import type { Row, RowWriter } from './rowWriter.ts';
import { scoresOf } from './scoreColumns.ts';
import type { Sink } from './sink.ts';

const WIDTH = 40;

/** A paragraph for each row: what it is about, what was heard, and a bar for each label, the likeliest first. */
export function openBars(sink: Sink, paint: Paint): RowWriter {
  return {
    write: (row) => sink.write(`${paragraph(row, paint)}\n\n`),
    close: () => sink.close(),
    discard: () => sink.discard(),
  };
}

function paragraph(row: Row, paint: Paint): string {
  const scores = scoresOf(row);
  const widest = Math.max(0, ...scores.map(({ label }) => label.length));
  const lines = scores.map(({ label, score }, i) => {
    const full = Math.round(WIDTH * score);
    const bar = '█'.repeat(full) + '·'.repeat(WIDTH - full);
    const line = `  ${label.padEnd(widest)}  ${bar} ${(100 * score).toFixed(1).padStart(5)} %`;
    return i === 0 ? paint(['bold', 'cyan'], line) : line;
  });
  return [`${subject(row)}: ${verdict(row, scores)}`, ...lines].join('\n');
}

function subject({ file, channel, start, end, seconds }: Row): string {
  const parts = [
    file === undefined ? undefined : printable(String(file)),
    channel === undefined ? undefined : `channel ${channel}`,
    seconds === undefined ? undefined : `${(seconds as number).toFixed(1)} s`,
    start === undefined ? undefined : `${clock(start as number)} to ${clock(end as number)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function verdict({ speech, label }: Row, [first, second]: readonly { label: string; score: number }[]): string {
  if (!speech || !first) return 'no speech';
  const share = ({ label, score }: { label: string; score: number }) => `${label} (${Math.round(100 * score)} %)`;
  return label === 'unsure' ? `unsure: ${share(first)}${second ? ` or ${share(second)}` : ''}` : share(first);
}
