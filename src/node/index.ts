// what only Node has → what the library takes

export { fileCheckpoint } from './fileCheckpoint.ts';
export { modelDirectory } from './modelDirectory.ts';
export { openLabelled } from './openLabelled.ts';
export { openRavdess } from './openRavdess.ts';
export { openSources, type PathInput } from './sources.ts';
