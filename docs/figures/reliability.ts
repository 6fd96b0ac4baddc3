// predictions → reliability diagrams, SVG

import { type Panel, toSvg } from '../../cli/src/report/chart.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { argMax } from '../../src/evaluation/metrics.ts';
import { picture } from './picture.ts';

/** Clips whose label was predicted with a probability in (from, to]. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** Share of all clips. */
  readonly share: number;
  /** Share of the bin's clips that are recognised, and their mean probability; NaN if it has no clips. */
  readonly accuracy: number;
  readonly confidence: number;
}

/** Bins of equal width, those of `expectedCalibrationError`. */
export function reliabilityBins(predictions: readonly LabelledPrediction[], bins = 15): ReliabilityBin[] {
  const placed = predictions.map(({ label, probabilities }) => {
    const predicted = argMax(probabilities);
    const confidence = probabilities[predicted]!;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    return { bin, confidence, hit: predicted === label ? 1 : 0 };
  });
  return Array.from({ length: bins }, (_, i) => {
    const own = placed.filter(({ bin }) => bin === i);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      ...{ from: i / bins, to: (i + 1) / bins, share: own.length / placed.length },
      accuracy: mean(own.map(({ hit }) => hit)),
      confidence: mean(own.map(({ confidence }) => confidence)),
    };
  });
}

/** One diagram of a picture. */
export interface Reliability {
  readonly title: string;
  readonly predictions: readonly LabelledPrediction[];
}

const SIZE = 210;
const CONFIDENCE = { field: 'from', type: 'quantitative' as const, scale: { domain: [0, 1], nice: false } };
const TICKS = { format: '.0%', values: [0, 0.25, 0.5, 0.75, 1] };

/** Two in a row: accuracy against confidence, and beneath it the share of clips by confidence. */
export async function reliabilityDiagrams(diagrams: readonly Reliability[]): Promise<string> {
  return picture(await toSvg({ concat: diagrams.map(diagram), columns: 2, spacing: { column: 40, row: 28 } }));
}

function diagram({ title, predictions }: Reliability): Panel {
  const bins = reliabilityBins(predictions).filter(({ share }) => share > 0);
  const accuracy: Panel = {
    title,
    width: SIZE,
    height: SIZE,
    layer: [
      {
        data: { values: bins },
        mark: { type: 'rect', color: '#56a0d3', stroke: '#ffffff', strokeWidth: 1 },
        encoding: {
          x: { ...CONFIDENCE, axis: { ...TICKS, grid: false, labels: false, title: null } },
          x2: { field: 'to' },
          y: {
            field: 'accuracy',
            type: 'quantitative',
            title: 'recognised',
            scale: { domain: [0, 1] },
            axis: TICKS,
          },
          y2: { datum: 0 },
        },
      },
      {
        data: { values: [{ from: 0, to: 1 }] },
        mark: { type: 'rule', strokeDash: [4, 4], stroke: '#555555' },
        encoding: {
          x: CONFIDENCE,
          x2: { field: 'to' },
          y: { field: 'from', type: 'quantitative' },
          y2: { field: 'to' },
        },
      },
      {
        data: { values: bins },
        mark: { type: 'point', filled: true, size: 32, color: '#d55e00', opacity: 1 },
        encoding: {
          x: { ...CONFIDENCE, field: 'confidence' },
          y: { field: 'accuracy', type: 'quantitative' },
        },
      },
    ],
  };
  const shares: Panel = {
    width: SIZE,
    height: 60,
    data: { values: bins },
    mark: { type: 'rect', color: '#999999', stroke: '#ffffff', strokeWidth: 1 },
    encoding: {
      x: { ...CONFIDENCE, title: 'probability of the label given', axis: { ...TICKS, grid: false } },
      x2: { field: 'to' },
      y: {
        field: 'share',
        type: 'quantitative',
        title: 'clips',
        axis: { format: '.0%', tickCount: 2 },
      },
      y2: { datum: 0 },
    },
  };
  return { vconcat: [accuracy, shares], spacing: 6 };
}
