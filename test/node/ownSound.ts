// a host's kind of features → registered: a module as threads and the main thread import it

import { LogMel, type LogMelOptions, registerFeatures } from 'speech-emotion/features';

/** Log-mel levels in a dozen bands. */
class FewBands extends LogMel {
  constructor(options: LogMelOptions = {}) {
    super({ melBands: 12, ...options });
  }
}

registerFeatures('fewBands', FewBands);
