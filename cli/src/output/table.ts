// rows → lines for people, on a terminal

import type { Paint } from '../terminal/colours.ts';
import { printable } from '../terminal/printable.ts';
import { clock } from './clock.ts';
import type { Column, Row, RowWriter } from './rowWriter.ts';
import { scoresOf } from './scoreColumns.ts';
import type { Sink } from './sink.ts';

/** What a column looks like. Those that are not here are for programs. */
interface Look {
  readonly title: string;
  readonly width: number;
  readonly isRight?: boolean;
  readonly show: (row: Row) => string;
}

const LOOKS: Readonly<Record<string, Look>> = {
  channel: { title: 'channel', width: 7, isRight: true, show: ({ channel }) => String(channel ?? '') },
  start: { title: 'from', width: 9, isRight: true, show: ({ start }) => clock(start as number) },
  end: { title: 'to', width: 9, isRight: true, show: ({ end }) => clock(end as number) },
  seconds: { title: 'length', width: 9, isRight: true, show: ({ seconds }) => clock(seconds as number) },
  label: { title: 'emotion', width: 10, show: ({ label }) => (label === undefined ? 'no speech' : String(label)) },
  confidence: {
    title: 'share',
    width: 5,
    isRight: true,
    show: ({ confidence }) => (confidence === undefined ? '' : `${Math.round(100 * (confidence as number))} %`),
  },
  file: { title: 'file', width: 0, show: ({ file }) => printable(String(file)) },
};

/** A table with the file at the end of each line, so that long names need no room to be kept for them. */
export function openTable(columns: readonly Column[], sink: Sink, paint: Paint): RowWriter {
  const names = columns.map(({ name }) => name).filter((name) => name !== 'file' && name in LOOKS);
  if (columns.some(({ name }) => name === 'file')) names.push('file');
  const looks = names.map((name) => ({ name, ...LOOKS[name]! }));
  const pad = (text: string, { width, isRight }: Look) => (isRight ? text.padStart(width) : text.padEnd(width));
  let isBegun = false;
  return {
    async write(row) {
      const head = `${looks.map((look) => pad(look.title, look)).join('  ')}\n`;
      if (!isBegun) await sink.write(paint('dim', head.trimEnd()).concat('\n'));
      isBegun = true;
      const cells = looks.map((look) => painted(look.name, pad(look.show(row), look), row, paint));
      await sink.write(`${`${cells.join('  ')}${likeliest(row)}`.trimEnd()}\n`);
    },
    close: () => sink.close(),
    discard: () => sink.discard(),
  };
}

function painted(name: string, cell: string, { label }: Row, paint: Paint): string {
  if (name !== 'label') return cell;
  return label === undefined || label === 'unsure' ? paint('dim', cell) : paint(['bold', 'cyan'], cell);
}

/** What it would be, where that is not sure. */
function likeliest(row: Row): string {
  const [first, second] = scoresOf(row);
  return row.label === 'unsure' && first && second ? `  (${first.label} or ${second.label})` : '';
}
