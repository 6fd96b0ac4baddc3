// a classifier in another thread → the same calls here: both ends, and what a page needs beside them, without TensorFlow.js

export {
  type EmotionChange,
  EmotionMonitor,
  type EmotionMonitorOptions,
  type EmotionRule,
  type EmotionShare,
  type EmotionSpan,
  type EmotionSummary,
} from '../classifier/emotionMonitor.ts';
export { AudioFormatError, AudioInputError, BackendError, ModelFormatError } from '../core/errors.ts';
export type { PortLike } from '../core/port.ts';
export { type AnyClassifier, type ConnectOptions, RemoteClassifier, type TransferOptions } from './remoteClassifier.ts';
export { serveClassifier } from './serveClassifier.ts';
