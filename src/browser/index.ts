// microphone, files, storage and workers of a browser → what the library takes, without TensorFlow.js

export { browserCheckpoint, deleteBrowserCheckpoint, listBrowserCheckpoints } from './browserCheckpoint.ts';
export {
  fromMediaElement,
  fromMediaStream,
  type LiveSound,
  type LiveSoundOptions,
  type MicrophoneOptions,
  microphone,
} from './liveSound.ts';
export { deleteStoredModel, listStoredModels, modelStorage } from './modelStorage.ts';
export { sourcesFromFiles } from './sources.ts';
export { trainingThreads } from './trainingThreads.ts';
