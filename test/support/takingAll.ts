// a classifier → the same, which takes everything for speech unless a call says otherwise: hardly a sound of the tests is any

import type { AnyClassifier } from '../../src/worker/remoteClassifier.ts';

/** `vad: false` is the default of `classify` and `timeline`. */
export function takingAll<C extends AnyClassifier>(classifier: C): C {
  return new Proxy(classifier, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'classify' && name !== 'timeline') return value.bind(target);
      return (input: unknown, options: unknown = {}) =>
        value.call(target, input, typeof options === 'object' && options ? { vad: false, ...options } : options);
    },
  });
}
