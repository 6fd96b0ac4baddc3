// trained model ↔ one archive to download

import {
  BlobReader,
  BlobWriter,
  TextReader,
  Uint8ArrayReader,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core.js';
import { type ModelArtifact, ModelFormatError } from 'speech-emotion';

// Without workers of its own, which the page's policy forbids; and the weights don't compress.
const OPTIONS = { useWebWorkers: false, level: 0 };

/** `model.json` and the weights: what TensorFlow.js, a web server or `modelDirectory` of the library reads. */
export async function packModel({ json, weights }: ModelArtifact): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), OPTIONS);
  await writer.add('model.json', new TextReader(JSON.stringify(json)));
  await writer.add(json.weightsManifest[0]!.paths[0]!, new Uint8ArrayReader(weights));
  return writer.close();
}

/**
 * Reads a downloaded model: the archive of {@link packModel}, or its files, or those of a model directory.
 *
 * @throws {ModelFormatError} when a file is missing or is not what it should be
 */
export async function unpackModel(files: readonly File[]): Promise<ModelArtifact> {
  const found = new Map<string, Blob>();
  for (const file of files) {
    if (!/\.zip$/i.test(file.name)) found.set(file.name, file);
    else for (const [name, blob] of await entriesOf(file)) found.set(name, blob);
  }
  const [name, text] = [...found].find(([name]) => name.endsWith('.json')) ?? [];
  if (!text)
    throw new ModelFormatError('There is no model in these files: one must be its model.json, or the archive.');
  const json = parse(name!, await text.text());
  const parts = json.weightsManifest?.flatMap(({ paths }) => paths) ?? [];
  const weights = parts.map((path) => {
    const part = found.get(path);
    if (part) return part;
    throw new ModelFormatError(`The model's weights are missing: choose ${path} together with ${name}.`);
  });
  return { json, weights: new Uint8Array(await new Blob(weights).arrayBuffer()) };
}

async function entriesOf(archive: File): Promise<[name: string, content: Blob][]> {
  const reader = new ZipReader(new BlobReader(archive), OPTIONS);
  try {
    const entries: [string, Blob][] = [];
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue;
      entries.push([entry.filename.split('/').at(-1)!, new Blob([await entry.arrayBuffer()])]);
    }
    return entries;
  } catch (cause) {
    throw new ModelFormatError(`${archive.name} cannot be read as an archive: ${(cause as Error).message}`, { cause });
  }
}

function parse(name: string, text: string): ModelArtifact['json'] {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelFormatError(`${name} is no model: it must be JSON.`, { cause });
  }
}
