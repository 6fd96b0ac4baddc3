// figures of corpora left out and of perturbed clips → SVG

import { toSvg } from '../../../cli/src/report/chart.ts';
import { picture } from '../picture.ts';
import type { ConditionFigures } from '../robustness.ts';
import type { CorpusFigures } from './leftOut.ts';
import { BEFORE } from './voicesAims.ts';

/** Paths from docs. */
export const LEFT_OUT_PICTURE = 'results/voices-left-out.svg';
export const CONDITIONS_PICTURE = 'results/voices-conditions.svg';

const SHARE = { type: 'quantitative' as const, scale: { domain: [0, 1] } };

/** A bar for each corpus, with a line where guessing would be and a point for a model that heard RAVDESS alone. */
export async function leftOutPicture(corpora: readonly CorpusFigures[]): Promise<string> {
  const values = corpora.map(({ corpus, labels, restricted }) => ({
    ...{ corpus, uar: restricted.mean, guessing: 1 / labels.length, before: BEFORE[corpus] },
  }));
  const y = { field: 'corpus', type: 'nominal' as const, title: null, axis: { grid: false, ticks: false } };
  const x = {
    ...SHARE,
    title: 'UAR among its labels: bar; RAVDESS alone: point; guessing: line',
    axis: { format: '.0%' },
  };
  const svg = await toSvg({
    ...{ width: 480, height: { step: 30 }, data: { values } },
    layer: [
      { mark: { type: 'bar', color: '#56a0d3', height: 16 }, encoding: { x: { ...x, field: 'uar' }, y } },
      {
        mark: { type: 'tick', color: '#555555', thickness: 2, size: 22 },
        encoding: { x: { ...x, field: 'guessing' }, y },
      },
      {
        mark: { type: 'point', filled: true, size: 60, color: '#d55e00', opacity: 1 },
        encoding: { x: { ...x, field: 'before' }, y },
      },
    ],
  });
  return picture(svg);
}

/** A bar for each change of the clips, and a line where clean ones are. */
export async function conditionsPicture(conditions: readonly ConditionFigures[]): Promise<string> {
  const values = conditions.map(({ name, uar }) => ({ name, uar }));
  const clean = conditions.filter(({ name }) => name === 'clean').map(({ uar }) => ({ uar }));
  const x = { ...SHARE, field: 'uar', title: 'UAR; the line is that of clean clips', axis: { format: '.0%' } };
  const y = { field: 'name', type: 'nominal' as const, sort: null, title: null, axis: { grid: false, ticks: false } };
  const svg = await toSvg({
    ...{ width: 480, height: { step: 24 }, data: { values } },
    layer: [
      { mark: { type: 'bar', color: '#56a0d3', height: 14 }, encoding: { x, y } },
      { data: { values: clean }, mark: { type: 'rule', strokeDash: [4, 4], stroke: '#555555' }, encoding: { x } },
    ],
  });
  return picture(svg);
}
