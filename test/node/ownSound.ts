// a host's kind of features and its audio format → both registered: a module as threads and the main thread import it

import { LogMel, type LogMelOptions, registerFeatures } from 'speech-emotion/features';

declare module 'speech-emotion/features' {
  interface FeatureKinds {
    fewBands: typeof FewBands;
  }
}

/** Log-mel levels in a dozen bands. */
class FewBands extends LogMel {
  constructor(options: LogMelOptions = {}) {
    super({ melBands: 12, ...options });
  }
}

registerFeatures('fewBands', FewBands);
