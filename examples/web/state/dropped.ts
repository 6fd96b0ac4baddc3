// what is dropped anywhere on the page → sound files, also those in folders and archives

import { signal } from '@preact/signals';
import { sourcesFromFiles } from 'speech-emotion/browser';
import { DatasetError } from 'speech-emotion/corpora';
import type { ChosenFile } from '../training/messages.ts';
import { announce } from './announcement.ts';
import { add } from './recordings.ts';
import { route } from './route.ts';
import { isArchive, maySound } from './soundFiles.ts';

/** Whether something is held over the page. */
export const isDropping = signal(false);

/** What was dropped last, where it may be labelled: a folder or an archive, which can be taught with. */
export const labelled = signal<{ readonly name: string; readonly files: readonly ChosenFile[] } | undefined>(undefined);

/** Takes what is chosen; archives are unpacked. */
export function take(files: readonly File[]): Promise<void> {
  return takeFrom(files.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
}

/** Where it is taught, what may be labelled is for that alone. */
async function takeFrom(chosen: readonly ChosenFile[], from?: string): Promise<void> {
  const files = chosen.map(({ file }) => file);
  const archives = files.filter(isArchive);
  const name = from ?? (files.length === archives.length ? archives[0]?.name : undefined);
  labelled.value = name === undefined ? undefined : { name, files: chosen };
  if (labelled.value && route.value.view === 'teach') return;
  try {
    const unpacked = await Promise.all(archives.map(unpack));
    add([...files.filter((file) => !isArchive(file)), ...unpacked.flat()], 'file', name);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    add(files); // each says for itself that it is no sound
    announce(error.message);
  }
}

async function unpack(archive: File): Promise<File[]> {
  const sources = await sourcesFromFiles([archive]);
  const sounds = sources.filter(maySound);
  return Promise.all(
    sounds.map(async (source) => new File([(await source.bytes()) as Uint8Array<ArrayBuffer>], nameOf(source.name))),
  );
}

const nameOf = (path: string) => path.replace(/^.*\//, '');

/** The files of a folder, and of those within. */
async function filesIn(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: ChosenFile[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}

async function takeDrop({ items, files }: DataTransfer): Promise<void> {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.());
  const folder = entries.find((entry) => entry?.isDirectory);
  if (!folder) return take([...files]);
  const all = (await Promise.all(entries.flatMap((entry) => (entry ? [filesIn(entry)] : [])))).flat();
  return takeFrom(
    all.filter(({ file }) => maySound(file) || isArchive(file)),
    folder.name,
  );
}

/** Files are taken wherever they are dropped: beside a target they would replace the page. */
for (const type of ['dragover', 'dragleave', 'drop'] as const) {
  addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    isDropping.value = type === 'dragover';
    if (type === 'drop') void takeDrop(event.dataTransfer);
  });
}
