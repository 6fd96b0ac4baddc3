// what was heard → files to take along

import type { MenuItem } from '../parts/menu.tsx';
import { announce } from './announcement.ts';
import type { Outcome, Recording } from './recording.ts';
import type { One } from './writers.ts';

type Writers = typeof import('./writers.ts');

/** The files of one recording, or of a live session as far as it is when they are asked for. */
export function exportsOf(name: string, get: () => One): MenuItem[] {
  const base = name.replace(/\.[^.]*$/, '');
  const item = (
    title: string,
    text: string,
    ending: string,
    write: (writers: Writers, one: One) => Blob | Promise<Blob>,
  ) => ({
    ...{ title, text },
    onChoose: () => void save(`${base}.${ending}`, (writers) => write(writers, get())),
  });
  return [
    item('Picture', 'PNG: spectrogram, ribbon and answer', 'png', (w, one) => w.png(one)),
    item('Picture to scale', 'SVG: the same, for print and slides', 'svg', (w, one) => w.svg(one)),
    item('Table', 'CSV: scores for every segment', 'csv', (w, one) => w.csv(one)),
    item('Captions', 'VTT: the emotion as subtitles', 'vtt', (w, one) => w.vtt(one)),
    item('Labels', 'TXT: for Audacity', 'txt', (w, one) => w.audacity(one)),
    item('TextGrid', 'for Praat', 'TextGrid', (w, one) => w.praat(one)),
    item('Annotations', 'EAF: for ELAN', 'eaf', (w, one) => w.elan(one)),
    item('Everything', 'JSON, with model and settings', 'json', (w, one) => w.json(one)),
  ];
}

/** The files of many recordings. */
export function exportsOfAll(recordings: readonly Recording[], threshold: (outcome: Outcome) => number): MenuItem[] {
  return [
    {
      ...{ title: 'Table', text: 'CSV: a row for each recording, reasons included' },
      onChoose: () => void save('recordings.csv', (w) => w.csvOfAll(recordings, threshold)),
    },
    {
      ...{ title: 'Everything', text: 'JSON: results and segments, with model and settings' },
      onChoose: () => void save('recordings.json', (w) => w.jsonOfAll(recordings, threshold)),
    },
  ];
}

/** The writers are fetched when something is written. */
async function save(name: string, write: (writers: Writers) => Blob | Promise<Blob>): Promise<void> {
  try {
    const address = URL.createObjectURL(await write(await import('./writers.ts')));
    const link = Object.assign(document.createElement('a'), { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // when the browser has surely taken it
    announce(`${name} is saved.`);
  } catch (error) {
    announce(`${name} cannot be written: ${(error as Error).message}`);
  }
}
