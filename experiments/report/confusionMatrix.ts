// counts of true against predicted labels → a heat map, SVG

import { toSvg } from '../../cli/src/report/chart.ts';

/** `counts[i][j]` clips of label i were predicted as label j: coloured by the share of the row, with counts and percentages. */
export function confusionMatrix(labels: readonly string[], counts: readonly (readonly number[])[]): Promise<string> {
  const cells = counts.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, j) => {
      const share = total > 0 ? count / total : 0;
      return { actual: labels[i], predicted: labels[j], share, count, percent: `${Math.round(100 * share)} %` };
    });
  });
  const ink = { condition: { test: 'datum.share > 0.45', value: '#ffffff' }, value: '#08306b' } as const;
  return toSvg({
    width: { step: 62 },
    height: { step: 42 },
    data: { values: cells },
    encoding: {
      x: {
        field: 'predicted',
        type: 'nominal',
        sort: [...labels],
        title: 'predicted',
        axis: { orient: 'top', labelAngle: 0, ticks: false, domain: false },
      },
      y: {
        field: 'actual',
        type: 'nominal',
        sort: [...labels],
        title: 'actual',
        axis: { ticks: false, domain: false },
      },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: '#80808040' },
        encoding: {
          color: {
            field: 'share',
            type: 'quantitative',
            scale: { scheme: 'blues', domain: [0, 1] },
            legend: { title: 'share of the row', format: '.0%', gradientLength: 200 },
          },
        },
      },
      {
        mark: { type: 'text', dy: -7, fontSize: 13, fontWeight: 600 },
        encoding: { text: { field: 'count' }, color: ink },
      },
      { mark: { type: 'text', dy: 9, fontSize: 10 }, encoding: { text: { field: 'percent' }, color: ink } },
    ],
  });
}
