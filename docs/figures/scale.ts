// docs/results/scale.json → the figures of docs/scale.md, and the table of faults of archives in docs/reliability.md

import type { FaultsPart, QueuePart, ScaleFile } from '../../experiments/scale/scaleFile.ts';
import { fillRegion, grouped, paragraph, table } from './markdown.ts';

/** Floors: of two threads against one on two cores, of a thread against `timeline` in a loop, and hours an hour and core from MP3. */
const LEAST = { twoByOne: 1.8, oneByLoop: 0.95, mp3ByCore: 100 };
/** By how much what a server holds may grow after the first tenth of the jobs. */
const MOST_GROWTH = 1.5;
/** What the cost is told for. */
const ARCHIVE_HOURS = 100_000;

const PLACES: Readonly<Record<string, string>> = {
  redis: 'queue on Redis, ledger in a file',
  postgres: 'queue and ledger on PostgreSQL',
  embedded: 'no queue, ledger in a file',
};

/** The page with its figures; parts without results name the command. */
export function scalePage(page: string, file: ScaleFile): string {
  return fillRegion(
    fillRegion(page, 'cost', cost(file) || missing('rates,mp3')),
    'queue',
    queues(file) || missing('queue'),
  );
}

/** The page of reliability with its table of archives; without results it names the command. */
export function archiveFaults(page: string, file: ScaleFile): string {
  return fillRegion(page, 'archives', faults(file) || missing('faults'));
}

function missing(only: string): string {
  return `Not measured yet: \`npm run scale -- --data ZIP_OR_FOLDER --only ${only}\`.`;
}

function cost({ rates, mp3 }: ScaleFile): string {
  if (!rates && !mp3) return '';
  const least = (value: number, floor: number, write: (value: number) => string) => [
    ...[write(value), `≥ ${write(floor)}`, value >= floor ? 'yes' : 'no'],
  ];
  const reported = (value: number) => [`${value.toFixed(0)} h`, '–', '–'];
  const times = (value: number) => `${value.toFixed(2)} ×`;
  const hours = (value: number) => `${value.toFixed(0)} h`;
  const rows = [
    ...(rates
      ? [
          ['WAV: `timeline` in a loop, an hour', ...reported(rates.loop)],
          ['WAV: `score`, one thread, an hour', ...reported(rates.one)],
          ['WAV: `score`, two threads, an hour', ...reported(rates.two)],
          ['one thread against the loop', ...least(rates.one / rates.loop, LEAST.oneByLoop, times)],
          ['two threads against one', ...least(rates.two / rates.one, LEAST.twoByOne, times)],
        ]
      : []),
    ...(mp3
      ? [
          [`MP3 of ${mp3.sampleRate / 1000} kHz: \`score\`, one thread, an hour`, ...reported(mp3.one)],
          ['MP3: an hour that one core computes', ...least(mp3.loopByCore, LEAST.mp3ByCore, hours)],
        ]
      : []),
  ];
  const costs = [
    ...(rates ? [['WAV', rates.one]] : []),
    ...(mp3 ? [[`MP3 of ${mp3.sampleRate / 1000} kHz`, mp3.one]] : []),
  ] as [string, number][];
  return [
    table([['hours of sound', 'measured', 'at least', 'reached'], ...rows]),
    `What ${grouped(ARCHIVE_HOURS)} hours cost by these rates of one thread:`,
    table([
      ['archive of', 'core-hours', 'on 8 cores', 'on 10 machines of 16 cores'],
      ...costs.map(([what, rate]) => [
        what,
        ...[1, 8, 160].map((cores) => duration(ARCHIVE_HOURS / rate / cores, cores)),
      ]),
    ]),
    measured([rates, mp3]),
  ].join('\n\n');
}

/** Hours of one core; of many, days where these are several. */
function duration(hours: number, cores: number): string {
  if (cores === 1) return grouped(Math.round(hours));
  return hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
}

function queues({ queue = {} }: ScaleFile): string {
  const parts = Object.entries(queue) as [string, QueuePart][];
  if (parts.length === 0) return '';
  const rows = parts.map(([place, { jobs, seconds, samples }]) => {
    const after = samples.filter(({ taken }) => taken >= jobs / 10);
    const most = (of: 'waiting' | 'processBytes' | 'serverBytes') => Math.max(...after.map((one) => one[of]));
    const growth = most('serverBytes') / after[0]!.serverBytes;
    return [
      ...[place === 'redis' ? 'Redis' : 'PostgreSQL', grouped(jobs), grouped(Math.round(jobs / seconds))],
      ...[grouped(most('waiting')), megabytes(most('processBytes'))],
      ...[megabytes(after[0]!.serverBytes), megabytes(most('serverBytes')), growth <= MOST_GROWTH ? 'yes' : 'no'],
    ];
  });
  return [
    table([
      [
        ...['queue', 'jobs', 'jobs a second', 'wait at most', 'memory of the worker'],
        ...['server after a tenth', 'server at most', `at most ${MOST_GROWTH} ×`],
      ],
      ...rows,
    ]),
    measured(parts.map(([, part]) => part)),
  ].join('\n\n');
}

function faults({ faults = {} }: ScaleFile): string {
  const parts = Object.entries(faults) as [string, FaultsPart][];
  if (parts.length === 0) return '';
  const rows = parts.map(([place, { killed, inJob, restarts, fullDisks, again, rows }]) => {
    const wrong = [rows.missing, rows.twice, rows.differing + rows.odd];
    const none = wrong.every((count) => count === 0);
    return [
      ...[PLACES[place] ?? place, `${killed}`, `${inJob ?? '–'}`, ...[restarts, fullDisks, again].map(String)],
      grouped(rows.wanted),
      ...[...wrong.map(grouped), none ? 'yes' : 'no'],
    ];
  });
  return [
    table([
      [
        'archive',
        'killed',
        'of these in a job',
        'server restarted',
        'disk full',
        '`score` begun again',
        'rows',
        'missing',
        'twice',
        'differing',
        'all as without faults',
      ],
      ...rows,
    ]),
    measured(parts.map(([, part]) => part)),
  ].join('\n\n');
}

function measured(
  parts: readonly ({ readonly commit: string; readonly date: string; readonly machine: string } | undefined)[],
): string {
  const known = parts.filter((part) => part !== undefined);
  const each = (of: 'commit' | 'machine') => [...new Set(known.map((part) => part[of]))].join(' and ');
  const dates = [...new Set(known.map(({ date }) => date.slice(0, 10)))].sort().join(' and ');
  return paragraph(`Measured ${dates} at ${each('commit')}, on ${each('machine')}.`);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
