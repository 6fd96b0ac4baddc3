// model → all of its layers, however deep they lie

import type * as tfl from '@tensorflow/tfjs-layers';

/** The layers of a model, those within models that are used as layers, and those within tfjs' wrappers (TimeDistributed). */
export function everyLayer({ layers }: Pick<tfl.LayersModel, 'layers'>): object[] {
  return layers.flatMap(withParts);
}

function withParts(layer: object): object[] {
  const { layers = [], layer: wrapped } = layer as LayerWithParts;
  return [layer, ...[...layers, ...(wrapped ? [wrapped] : [])].flatMap(withParts)];
}

interface LayerWithParts {
  readonly layers?: readonly object[] | undefined;
  readonly layer?: object | undefined;
}
