// docs/results/formats.json → the table of formats and the places that decode them

import { fillRegion, table } from './markdown.ts';

/** Where sound is decoded. */
export type Place = 'node' | 'window' | 'worker' | 'serviceWorker';

/** What came of a file of a format: it is decoded, by optional packages, or not. */
export type FormatInPlaces = { readonly format: string } & Readonly<Record<Place, 'yes' | 'packages' | 'no'>>;

const WORDS = { yes: 'yes', packages: 'optional packages', no: '–' } as const;

/** The page with its table. */
export function formatsPage(page: string, record: readonly FormatInPlaces[]): string {
  const rows = record.map(({ format, node, window, worker, serviceWorker }) => [
    format,
    ...[node, window, worker, serviceWorker].map((outcome) => WORDS[outcome]),
  ]);
  return fillRegion(page, 'formats', table([['format', 'Node', 'window', 'worker', 'service worker'], ...rows]));
}
