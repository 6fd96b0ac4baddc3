// feature maps → largest values of overlapping windows, filtered and thinned out: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { Strides } from '../padding.ts';
import type { Implementation } from './implementation.ts';

/** Anti-aliased max pooling on one kind of backend; for its gradient, x is saved. */
export type MaxBlurPool2dImplementation = Implementation<{ x: tf.Tensor4D }, { size: Strides }>;
