// layer classes → known to tfjs by name, so that saved models that use them can be loaded

import * as tf from '@tensorflow/tfjs-core';
import { BatchNorm } from './batchNorm.ts';
import { Conv2d } from './conv2d.ts';
import { Deltas } from './deltas.ts';
import { Dense } from './dense.ts';
import { Dropout } from './dropout.ts';
import { Elman } from './elman.ts';
import { Gru } from './gru.ts';
import { Lstm } from './lstm.ts';
import { MaxPool2d } from './maxPool2d.ts';
import { AttentionPooling, FinalFrame, MeanPooling } from './pooling.ts';

for (const layer of [
  AttentionPooling,
  BatchNorm,
  Conv2d,
  Deltas,
  Dense,
  Dropout,
  Elman,
  FinalFrame,
  Gru,
  Lstm,
  MaxPool2d,
  MeanPooling,
]) {
  tf.serialization.registerClass(
    layer as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
  );
}
