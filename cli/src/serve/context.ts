// what requests and streams share → its type

import type { AccessToken } from './accessToken.ts';
import type { Classifiers } from './classifierPool.ts';
import type { Metrics } from './metrics.ts';
import type { OpenWork } from './openWork.ts';
import type { ServeOptions } from './serveOptions.ts';

/** What all requests and streams of a server share. */
export interface Context {
  readonly options: ServeOptions;
  readonly access: AccessToken;
  readonly classifiers: Classifiers;
  readonly metrics: Metrics;
  readonly work: OpenWork;
}
