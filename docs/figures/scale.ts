// docs/results/scale.json → the figures of docs/scale.md, the table of faults of archives in docs/reliability.md, that of streams in docs/serve.md

import type { FaultsPart, QueuePart, ScaleFile } from '../../experiments/scale/scaleFile.ts';
import { fillRegion, grouped, paragraph, table } from './markdown.ts';

/** Floors: of two threads against one on two cores, of a thread against `timeline`, and hours an hour and core from MP3. */
const LEAST = { twoByOne: 1.8, oneByLoop: 0.95, mp3ByCore: 100 };
/** By how much a server's memory may grow from the middle of a run to its end. */
const MOST_SERVER_GROWTH = 1.1;
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

/** The page of the server with its table of streams; without results it names the command. */
export function servePage(page: string, { serve }: ScaleFile): string {
  if (!serve) return fillRegion(page, 'streams', missing('serve'));
  const { connections, workers, cores, seconds, residentMB, lagMs } = serve;
  const lag = ({ median, p95 }: { median: number; p95: number }) => `${grouped(median)} ms, ${grouped(p95)} ms`;
  const [middle, end] = [residentMB[Math.floor(residentMB.length / 2)]!, residentMB.at(-1)!];
  const rows = [
    ['streams that the server ended', `${serve.closedByServer}`],
    ['segments a second', serve.segmentsPerSecond.toFixed(0)],
    ['segments left out, as a stream was behind', grouped(serve.segmentsDropped)],
    ['lag in the first half: median, 95th percentile', lag(lagMs.firstHalf)],
    ['lag in the second half', lag(lagMs.secondHalf)],
    ['computing for a second of sound', `${serve.cpuMsPerSecondOfSound.toFixed(1)} ms`],
    [
      'memory after 10 s, in the middle, at the end',
      [residentMB[0]!, middle, end].map((mb) => `${mb.toFixed(0)} MB`).join(', '),
    ],
    [
      'end ÷ middle',
      `${(end / middle).toFixed(2)}, at most ${MOST_SERVER_GROWTH}: ${end / middle <= MOST_SERVER_GROWTH ? 'yes' : 'no'}`,
    ],
  ];
  const text = [
    table([
      [`${connections} streams, ${seconds} s, ${workers} workers`, `on ${cores} cores, with the clients`],
      ...rows,
    ]),
    measured([serve]),
  ];
  return fillRegion(page, 'streams', text.join('\n\n'));
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
  const ofMp3 = (mp3: NonNullable<ScaleFile['mp3']>) => `MP3 of ${mp3.sampleRate / 1000} kHz`;
  const rows = [
    ...(rates
      ? [
          ['WAV: `timeline`, one process, an hour', ...reported(rates.loop)],
          ['WAV: `timeline`, two processes at once, an hour', ...reported(rates.twoLoops)],
          ['WAV: `score`, one thread, an hour', ...reported(rates.one)],
          ['WAV: `score`, two threads, an hour', ...reported(rates.two)],
          ['WAV: `score`, an hour that one core computes', ...reported(rates.byCore)],
          [
            'one thread, from its start on, against `timeline`',
            ...least(rates.one / rates.loop, LEAST.oneByLoop, times),
          ],
          ...(rates.loopByCore
            ? [['the same, by core', ...least(rates.byCore / rates.loopByCore, LEAST.oneByLoop, times)]]
            : []),
          ['two processes against one: what this machine allows', times(rates.twoLoops / rates.loop), '–', '–'],
          ['two threads against one', ...least(rates.two / rates.one, LEAST.twoByOne, times)],
        ]
      : []),
    ...(mp3
      ? [
          [`${ofMp3(mp3)}: \`timeline\`, one process, an hour`, ...reported(mp3.loop)],
          [`${ofMp3(mp3)}: \`score\`, one thread, an hour`, ...reported(mp3.one)],
          [`${ofMp3(mp3)}: \`score\`, an hour that one core computes`, ...least(mp3.byCore, LEAST.mp3ByCore, hours)],
        ]
      : []),
  ];
  const costs = [...(rates ? [['WAV', rates.byCore]] : []), ...(mp3 ? [[ofMp3(mp3), mp3.byCore]] : [])] as [
    string,
    number,
  ][];
  return [
    table([['hours of sound', 'measured', 'at least', 'reached'], ...rows]),
    `What ${grouped(ARCHIVE_HOURS)} hours cost by what one core computes:`,
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
    const since = (share: number) => samples.filter(({ taken }) => taken >= share * jobs);
    const most = (of: 'waiting' | 'processBytes' | 'serverBytes') => Math.max(...samples.map((one) => one[of]));
    return [
      ...[place === 'redis' ? 'Redis' : 'PostgreSQL', grouped(jobs), grouped(Math.round(jobs / seconds))],
      ...[grouped(most('waiting')), megabytes(most('processBytes'))],
      ...[0.1, 0.5].map((share) => megabytes(since(share)[0]!.serverBytes)),
      megabytes(most('serverBytes')),
    ];
  });
  return [
    table([
      [
        ...['queue', 'jobs', 'jobs a second', 'wait at most', 'memory of the worker'],
        ...['server after a tenth', 'after half', 'at most'],
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
