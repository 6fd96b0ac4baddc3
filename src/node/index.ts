// files, folders, streams and threads of Node → what the library takes

export { type FeatureWorkersOptions, featureWorkers } from './featureWorkers.ts';
export { fileCheckpoint } from './fileCheckpoint.ts';
export { modelDirectory } from './modelDirectory.ts';
export { openCorpora } from './openCorpora.ts';
export { openLabelled } from './openLabelled.ts';
export { openRavdess } from './openRavdess.ts';
export { openSound, type SoundFile } from './openSound.ts';
export { type PcmFormat, type PcmOptions, pcm } from './pcm.ts';
export { openSources, type PathInput } from './sources.ts';
export { trainingThreads } from './trainingThreads.ts';
export { type TrainingWorkersOptions, trainingWorkers } from './trainingWorkers.ts';
