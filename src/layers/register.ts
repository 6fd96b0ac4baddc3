// layer classes → registered with tfjs by name, so that models that use them can be loaded

import * as tf from '@tensorflow/tfjs-core';
import { BatchNorm } from './batchNorm.ts';
import { CELLS } from './cells.ts';
import { Conv2d } from './conv2d.ts';
import { Deltas } from './deltas.ts';
import { Dense } from './dense.ts';
import { DropConnect } from './dropConnect.ts';
import { Dropout } from './dropout.ts';
import { Maxout } from './maxout.ts';
import { MaxPool2d } from './maxPool2d.ts';
import { POOLINGS } from './poolings.ts';
import { UncertainFrames } from './uncertainFrames.ts';

/** The layers that no other table has. */
const LAYERS = [BatchNorm, Conv2d, Deltas, Dense, DropConnect, Dropout, Maxout, MaxPool2d, UncertainFrames];

for (const layer of [...Object.values(CELLS), ...Object.values(POOLINGS), ...LAYERS]) {
  tf.serialization.registerClass(
    layer as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
  );
}
