// artefact, a change → the artefact changed, with checksums that are right: what only a program can have made

import { crc32 } from '../../src/core/crc32.ts';
import { checksumOf, type ModelArtifact } from '../../src/model/modelArtifact.ts';

// biome-ignore lint/suspicious/noExplicitAny: parsed JSON, changed on purpose
export type Json = any;

export function resigned({ json, weights }: ModelArtifact, change: (json: Json) => unknown): ModelArtifact {
  const changed: Json = structuredClone(json);
  change(changed);
  const metadata = changed.userDefinedMetadata?.['speech-emotion'];
  if (typeof metadata !== 'object' || metadata === null || !Array.isArray(changed.weightsManifest)) {
    return { json: changed, weights };
  }
  const { checksums: _, ...settings } = metadata;
  const specs = changed.weightsManifest.flatMap((group: Json) => group?.weights);
  const topology = checksumOf({ topology: changed.modelTopology, specs, settings });
  metadata.checksums = { topology, weights: crc32(weights) };
  return { json: changed, weights };
}
