// history of a training → learning curves, SVG

import type { EpochRecord } from 'speech-emotion';
import { type Panel, toSvg } from '../../cli/src/report/chart.ts';

/** Training and validation loss over epochs, and beneath them the validation UAR. */
export function learningCurves(history: readonly EpochRecord[], bestEpoch?: number): Promise<string> {
  const losses = history.flatMap(({ epoch, loss, validation }) => [
    { epoch, set: 'training', value: loss },
    ...(validation ? [{ epoch, set: 'validation', value: validation.loss }] : []),
  ]);
  const recalls = history.flatMap(({ epoch, validation }) =>
    validation ? [{ epoch, set: 'validation', value: validation.uar }] : [],
  );
  const epochs = { first: history[0]?.epoch ?? 0, last: history.at(-1)?.epoch ?? 1 };
  const panel = (title: string, values: object[], y: object, x: object): Panel => ({
    width: 560,
    height: 170,
    layer: [
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2, point: history.length < 30 ? { size: 24 } : false },
        encoding: {
          y: { field: 'value', type: 'quantitative', title, ...y },
          color: {
            field: 'set',
            type: 'nominal',
            title: null,
            scale: { domain: ['training', 'validation'], range: ['#d55e00', '#0072b2'] },
          },
        },
      },
      ...(bestEpoch === undefined
        ? []
        : [
            {
              data: { values: [{ epoch: bestEpoch }] },
              mark: { type: 'rule' as const, strokeDash: [4, 4], stroke: 'currentColor', strokeOpacity: 0.6 },
            },
          ]),
    ],
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        scale: { domain: [epochs.first, Math.max(epochs.last, epochs.first + 1)], nice: false },
        axis: { tickMinStep: 1, format: 'd', grid: false, ...x },
      },
    },
  });
  const last = { title: bestEpoch === undefined ? 'epoch' : 'epoch (dashed: the one kept)' };
  const panels = [
    panel('cross entropy', losses, { scale: { zero: false } }, recalls.length > 0 ? { title: null } : last),
  ];
  if (recalls.length > 0) {
    panels.push(panel('macro recall (UAR)', recalls, { scale: { domain: [0, 1] }, axis: { format: '.0%' } }, last));
  }
  return toSvg({ vconcat: panels });
}
