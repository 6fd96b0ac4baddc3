// what is taught → kept in this browser

import { createStore, get, set } from 'idb-keyval';
import type { Picture } from '../pictures/picture.ts';

/** A class as it is kept. */
export interface KeptLesson {
  readonly name: string;
  readonly samples: readonly { readonly name: string; readonly sound: Blob; readonly thumbnail: Picture | undefined }[];
}

/** Apart from the library's own database, which holds models. */
const store = createStore('speech-emotion.lessons', 'kept');
const NAME = 'lessons';

/** @throws {Error} when the browser keeps nothing for this page, or has no room */
export const keepLessons = (lessons: readonly KeptLesson[]): Promise<void> => set(NAME, lessons, store);

/** The classes of an earlier visit. */
export const keptLessons = (): Promise<readonly KeptLesson[] | undefined> => get(NAME, store);
