// a classifier in another thread → the same calls here: both ends

export type { PortLike } from './port.ts';
export { type AnyClassifier, type ConnectOptions, RemoteClassifier, type TransferOptions } from './remoteClassifier.ts';
export { serveClassifier } from './serveClassifier.ts';
