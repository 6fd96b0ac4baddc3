// options of `serve` → a server that runs until it is told to stop

import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isLoopback } from '../commandLine/loopback.ts';
import { whole } from '../commandLine/values.ts';

interface ServeFlags {
  readonly model?: string;
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly workers: number;
  readonly maxBytes: number;
  readonly maxSeconds: number;
  readonly maxConnections: number;
  readonly idle: number;
  readonly grace: number;
}

export function serve(): Command {
  return new Command('serve')
    .description('A server: files over HTTP, live sound over a WebSocket.')
    .option('--model <folder or address>', 'a model of your own')
    .option('--host <address>', 'where to listen; 0.0.0.0 for all of the network', '127.0.0.1')
    .option('--port <number>', '0 for any that is free', whole(0, 65_535), 8080)
    .addOption(
      new Option('--token <text>', 'what clients have to give: Authorization: Bearer <text>')
        .env('SPEECH_EMOTION_TOKEN') // on the command line, other users of the machine see it
        .argParser(notEmpty),
    )
    .option('--workers <number>', 'threads that classify', whole(1, 256), Math.max(1, availableParallelism() - 1))
    .option('--max-bytes <number>', 'how large a file may be', whole(1, Number.MAX_SAFE_INTEGER), 2 ** 29)
    .option('--max-seconds <number>', 'how much sound a file or a stream may hold', whole(1, 7 * 86_400), 4 * 3600)
    .option('--max-connections <number>', 'requests and streams in progress at once', whole(1, 100_000), 256)
    .option('--idle <seconds>', 'how long a client may say nothing', whole(1, 86_400), 30)
    .option('--grace <seconds>', 'how long what is in progress may go on after SIGTERM', whole(0, 86_400), 10)
    .addHelpText(
      'after',
      `
Examples:
  $ speech-emotion serve
  $ curl --data-binary @call.mp3 http://127.0.0.1:8080/classify
  $ SPEECH_EMOTION_TOKEN=secret speech-emotion serve --host 0.0.0.0 --port 9000 --workers 2`,
    )
    .action(run);
}

async function run({ model, workers, grace, idle, token, ...rest }: ServeFlags): Promise<void> {
  const { ClassifierPool } = await import('../serve/classifierPool.ts');
  const { startService } = await import('../serve/service.ts');
  const { collectDefaultMetrics } = await import('prom-client');
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const entry = new URL('./serveWorker.js', import.meta.url); // in the folder of the built program
  const classifiers = await ClassifierPool.open({ entry, workers, model });
  try {
    const onFault = (error: unknown) => say(String((error as Error | undefined)?.message ?? error));
    const options = { ...rest, token, idleSeconds: idle, onFault };
    const service = await startService(classifiers, options);
    collectDefaultMetrics({ register: service.metrics.registry });
    const told = stopSignal(); // from now on, as whoever reads the address may end the program at once
    process.stdout.write(`${service.url}\n`);
    if (token === undefined && !isLoopback(rest.host))
      say('Whoever reaches this address may use it: there is no --token');
    const signal = await told;
    say(`${signal}: what is in progress has ${grace} seconds`);
    const atOnce = stopSignal().then(() => process.exit(0)); // who asks twice does not want to wait
    await Promise.race([service.stop(grace), atOnce]);
  } finally {
    classifiers.dispose();
  }
  process.exit(0); // whatever timers and sockets there may be
}

/** Waits for the system, or somebody at the terminal, to end the program. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const stop = (signal: NodeJS.Signals) => {
      for (const other of signals) process.off(other, stop);
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, stop);
  });
}

/** A secret that was not filled in must not open the server to all. */
function notEmpty(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
