// docs/results/faults.json → tables of the faults that were provoked, and of what failed

import {
  type FaultsFile,
  type FuzzResult,
  growthOf,
  longestWait,
  MOST_GROWTH,
  MOST_WAIT,
  type PartRecord,
} from '../../experiments/faults/record.ts';
import { fillRegion, grouped, paragraph, table } from './markdown.ts';

/** Formats in prose; others go by their name. */
const FORMATS: Readonly<Record<string, string>> = {
  wav: 'WAV files',
  waveCodecs: 'WAV files of GSM 6.10, ADPCM and MP3',
  plain: 'AIFF, AU, Wave64, SPHERE and CAF files',
  flac: 'FLAC files',
  mp3: 'MP3 files',
  ogg: 'Ogg files: Vorbis, FLAC, Opus',
  webm: 'WebM files: Opus, Vorbis',
  containers: 'other files: pictures, archives, formats that are not read',
  pcm: 'raw samples, in pieces',
  zip: 'zip archives',
  ravdessNames: 'names of RAVDESS',
  corpora: 'folders of recordings',
  examples: 'files of features',
  checkpoints: 'checkpoints of a training',
  folds: 'stores of a cross-validation',
  ensembles: 'stores of an ensemble',
  models: 'models',
  options: 'options of public functions',
};

/** The page with its regions filled; without results they name the command. */
export function faultsPage(page: string, file: FaultsFile | undefined): string {
  const parts = Object.entries(file?.parts ?? {});
  const missing = 'Not measured yet: `npm run faults`.';
  const filled = fillRegion(page, 'faults', file ? summary(file, parts) : missing);
  return fillRegion(filled, 'inputs', file ? inputs(parts) : missing);
}

type Parts = readonly (readonly [string, PartRecord])[];

function ofKind<Kind extends PartRecord['kind']>(parts: Parts, kind: Kind) {
  return parts.flatMap(([name, part]) =>
    part.kind === kind ? [{ name, part: part as Extract<PartRecord, { kind: Kind }> }] : [],
  );
}

function summary({ node, machine }: FaultsFile, parts: Parts): string {
  const fuzzed = ofKind(parts, 'fuzz').map(({ part }) => part);
  const sum = (of: (part: FuzzResult) => number) => fuzzed.reduce((total, part) => total + of(part), 0);
  const all = `${grouped(sum(({ inputs }) => inputs))} inputs`;
  const none = (what: string, tried: string, found: number) => [
    what,
    tried,
    String(found),
    '0',
    found === 0 ? 'yes' : 'no',
  ];
  const rows = [
    ...(fuzzed.length > 0
      ? [
          none(
            'raw errors, crashes of the process',
            all,
            sum(({ raw }) => raw),
          ),
          none(
            'hangs',
            all,
            sum(({ hangs }) => hangs),
          ),
          none(
            'accepted nonsense',
            all,
            sum(({ nonsense }) => nonsense),
          ),
          none(
            'leaked tensors',
            all,
            sum(({ tensors }) => tensors),
          ),
        ]
      : []),
    ...ofKind(parts, 'kills').map(({ name, part }) =>
      none(
        `resumed runs with another result: ${name}`,
        `${part.kills} kills of ${part.runs} runs`,
        part.otherwise.length,
      ),
    ),
    ...ofKind(parts, 'aborts').flatMap(({ part }) => {
      const tried = `${grouped(part.aborts)} aborts of ${part.calls} calls`;
      return [
        none('aborted calls that did not settle', tried, part.unsettled.length),
        none('aborted calls that failed otherwise, or left tensors or listeners', tried, part.otherwise.length),
      ];
    }),
    ...ofKind(parts, 'heap').map(({ part }) => {
      const growth = growthOf(part);
      const tried = `${part.hours} h of sound, ${grouped(part.segments)} segments`;
      return [
        'memory at the end ÷ memory after an hour',
        tried,
        growth.toFixed(3),
        `≤ ${MOST_GROWTH}`,
        growth <= MOST_GROWTH ? 'yes' : 'no',
      ];
    }),
    ...ofKind(parts, 'timers').map(({ part }) => {
      const longest = longestWait(part);
      const tried = `${part.calls} calls each`;
      return [
        'longest delay of a timer while a loop classifies',
        tried,
        milliseconds(longest),
        `≤ ${MOST_WAIT} ms`,
        longest <= MOST_WAIT ? 'yes' : 'no',
      ];
    }),
  ];
  const dates = [...new Set(parts.map(([, { date }]) => date.slice(0, 10)))].sort();
  const commits = [...new Set(parts.map(([, { commit }]) => commit))];
  const seeds = [...new Set(parts.map(([, { seed }]) => seed))];
  const minutes = parts.reduce((total, [, { seconds }]) => total + seconds, 0) / 60;
  const measured = paragraph(
    `Measured ${dates.join(' and ')} at ${commits.join(' and ')}, seed ${seeds.join(' and ')}, in ${Math.ceil(minutes)} minutes on ${machine}, node ${node}.`,
  );
  return [table([['what', 'tried', 'found', 'aim', 'reached'], ...rows]), ...timers(parts), measured].join('\n\n');
}

/** Timers wait for other processes too, so the delays of an idle program are beside them. */
function timers(parts: Parts): string[] {
  return ofKind(parts, 'timers').map(({ part }) => {
    const rows = Object.entries(part.waits).map(([what, { longest, perMille, own, ticks }]) => [
      ...[what, milliseconds(longest), milliseconds(perMille), milliseconds(own), grouped(ticks)],
    ]);
    return table([
      ['classified meanwhile', 'longest delay', '99.9th percentile', 'most computation in one delay', 'ticks'],
      ...rows,
    ]);
  });
}

function inputs(parts: Parts): string {
  const fuzzed = ofKind(parts, 'fuzz');
  const rows = fuzzed.map(({ name, part }) => [
    ...[FORMATS[name] ?? name, grouped(part.inputs), grouped(part.answered), grouped(part.refused)],
    ...[part.raw, part.hangs, part.nonsense, part.tensors].map(String),
    `${Math.round(part.mostMemory / 1e6)} MB`,
  ]);
  const found = fuzzed.flatMap(({ name, part: { kinds } }) =>
    kinds
      .slice(0, 5)
      .map(
        ({ verdict, what, count, indices }) =>
          `- ${name}, ${verdict}, ${count} times: \`${what.replaceAll('`', "'").slice(0, 120)}\` (index ${indices[0]})`,
      ),
  );
  return [
    table([['inputs', 'tried', 'answered', 'refused', 'raw', 'hangs', 'nonsense', 'tensors', 'most memory'], ...rows]),
    ...(found.length > 0 ? [found.join('\n')] : []),
  ].join('\n\n');
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
