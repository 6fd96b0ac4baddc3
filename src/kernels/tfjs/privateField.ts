// a field that TensorFlow.js does not promise to keep → an error that names its version, where the field is not as expected

import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../../core/errors.ts';

/** The error for a field of tfjs' that is not there; `name` says where it should be. */
export function missingField(name: string): BackendError {
  return new BackendError(
    `Cannot work with TensorFlow.js ${tf.version_core}: it has no ${name}, which is private to it and may go with any ` +
      'release. What this library is tested with stands in the peerDependencies of its package.json',
  );
}
