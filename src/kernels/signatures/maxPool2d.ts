// feature maps → the largest value of each window: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { Strides } from '../padding.ts';
import type { Implementation } from './implementation.ts';

/** Max pooling on one kind of backend; for its gradient, x and y are saved. */
export type MaxPool2dImplementation = Implementation<{ x: tf.Tensor4D }, { size: Strides }>;
