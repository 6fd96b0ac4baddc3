// file + a rule for labels and speakers → labelled recording

import { checkFunction, checkObject, checkString, shown } from '../core/check.ts';
import { DatasetError } from '../core/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { type CollectOptions, checkCollectOptions, type Identified, type OnInvalid } from './collectRecordings.ts';
import { type Recording, SourceRecording } from './recording.ts';
import { isMedia, isZip } from './source.ts';

/**
 * Options of `LabelledDataset.from`. Labels, speakers and groups are taken in composed Unicode (NFC), in which callbacks get
 * names: macOS and others write the same word in different ways.
 */
export interface LabelledDatasetOptions extends CollectOptions {
  /**
   * Gives the label of a file; `undefined` leaves the file out and reports it in `skipped`.
   *
   * @default the folder that the file lies in: `recordings/happy/clip.wav` is `happy`
   */
  readonly label?: ((name: string) => string | undefined) | undefined;
  /**
   * Gives the speaker of a file; without it, or where it gives `undefined`, the speaker is not known (`''`) and splits by
   * speaker are refused.
   */
  readonly speaker?: ((name: string) => string | undefined) | undefined;
  /** Gives what evaluation breaks results down by, e.g. `{ sex: 'female' }`. @default no groups */
  readonly groups?: ((name: string) => Readonly<Record<string, string>>) | undefined;
  /** What the recordings are called where they are merged with others, e.g. `office`. @default none */
  readonly corpus?: string | undefined;
  /**
   * The labels there may be, in the order of a model's classes; a file with another label is invalid.
   *
   * @default the labels found, sorted
   */
  readonly labels?: readonly string[] | undefined;
  /**
   * What to do about a recording without a label, or given twice in different bytes: `'throw'`, or `'skip'` and report it in
   * `skipped`. Documents that lie beside the recordings, and exact copies, are reported in either case.
   *
   * @default 'throw'
   */
  readonly onInvalid?: OnInvalid | undefined;
}

const ACTION = 'make a dataset';

/** The options, when each of them is what it must be. */
export function checkLabelledOptions(options: LabelledDatasetOptions) {
  const { label, speaker, groups, corpus, labels, ...rest } = checkObject(ACTION, 'options', options);
  for (const [name, value] of Object.entries({ label, speaker, groups })) {
    if (value !== undefined) checkFunction(ACTION, name, value);
  }
  if (corpus !== undefined) checkString(ACTION, 'corpus', corpus);
  const intake = checkCollectOptions(ACTION, rest);
  const known = labels === undefined ? undefined : checkLabels(labels);
  return { intake, rule: { label, speaker, groups, corpus, labels: known, channel: intake.channel } };
}

/** The labels in composed Unicode, when they are distinct. */
export function checkLabels(labels: readonly string[]): readonly string[] {
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string' && label !== '')) {
    throw new TypeError(`Cannot ${ACTION}: labels must be strings that are not empty, got ${shown(labels)}`);
  }
  if (labels.length === 0) throw new RangeError(`Cannot ${ACTION}: labels must be one or more, got none`);
  const composed = labels.map((label) => label.normalize());
  if (new Set(composed).size !== composed.length) {
    throw new RangeError(`Cannot ${ACTION}: labels must be distinct, got ${composed.join(', ')}`);
  }
  return composed;
}

/** How one file after the other is identified. */
export function labeller(rule: ReturnType<typeof checkLabelledOptions>['rule']) {
  const { label: labelOf, speaker: speakerOf, groups: groupsOf, corpus, labels, channel } = rule;
  const known = labels && new Set(labels);
  return (source: ByteSource): Identified<Recording> => {
    const { name } = source;
    if (!labelOf && !isMedia(name)) return { reason: 'it is no sound file, by its name' };
    const label = labelOf ? text(name, 'label', labelOf(name)) : folderOf(name);
    if (label === undefined) return { reason: 'it was given no label' };
    if (known && !known.has(label)) {
      throw new DatasetError(`Cannot use '${name}': its label must be one of ${labels.join(', ')}, got ${label}`, {
        file: name,
      });
    }
    const speaker = text(name, 'speaker', speakerOf?.(name)) ?? '';
    const entries = Object.entries(groupsOf?.(name) ?? {});
    const groups = Object.fromEntries(entries.map(([key, value]) => [key, text(name, `group ${key}`, value) ?? '']));
    return { recording: new SourceRecording(source, { label, speaker, groups, corpus, channel }), key: name };
  };
}

/** What a callback gave, in composed Unicode. */
function text(file: string, what: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value?.normalize();
  throw new TypeError(`Cannot use '${file}': its ${what} must be a string or undefined, got ${shown(value)}`);
}

function folderOf(name: string): string {
  const folder = name.split('/').at(-2);
  if (folder && folder !== '.' && folder !== '..' && !isZip(folder)) return folder;
  throw new DatasetError(`Cannot label '${name}': it must lie in a folder that is named for its label`, { file: name });
}
