// model → all its layers, nested ones too

import type * as tfl from '@tensorflow/tfjs-layers';

/** The layers of a model, of models used as layers in it, and those inside tfjs' wrappers such as TimeDistributed. */
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
