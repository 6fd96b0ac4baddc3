// layer classes → known to tfjs by name, so that saved models that use them can be loaded

import * as tf from '@tensorflow/tfjs-core';
import { BatchNorm } from './batchNorm.ts';
import { Conv2d } from './conv2d.ts';
import { Deltas } from './deltas.ts';
import { Dense } from './dense.ts';
import { DropConnect } from './dropConnect.ts';
import { Dropout } from './dropout.ts';
import { Elman } from './elman.ts';
import { Gru } from './gru.ts';
import { IndRnn } from './indRnn.ts';
import { Lstm } from './lstm.ts';
import { Maxout } from './maxout.ts';
import { MaxPool2d } from './maxPool2d.ts';
import { MultiplicativeLstm, MultiplicativeRnn } from './multiplicative.ts';
import { AttentionPooling, FinalFrame, MaxPooling, MeanPooling, StatisticsPooling } from './pooling.ts';
import { SecondOrder } from './secondOrder.ts';
import { UncertainFrames } from './uncertainFrames.ts';

for (const layer of [
  AttentionPooling,
  BatchNorm,
  Conv2d,
  Deltas,
  Dense,
  DropConnect,
  Dropout,
  Elman,
  FinalFrame,
  Gru,
  IndRnn,
  Lstm,
  Maxout,
  MaxPool2d,
  MaxPooling,
  MeanPooling,
  MultiplicativeLstm,
  MultiplicativeRnn,
  SecondOrder,
  StatisticsPooling,
  UncertainFrames,
]) {
  tf.serialization.registerClass(
    layer as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
  );
}
