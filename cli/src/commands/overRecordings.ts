// options that `classify` and `timeline` share → recordings heard and written

import { Command } from 'commander';
import type { EmotionResult, EmotionSegment } from 'speech-emotion';
import { type HearingFlags, hearingOptions, surenessOf } from '../commandLine/hearing.ts';
import { type ChannelChoice, channel } from '../commandLine/values.ts';
import { interruptible } from '../interrupt.ts';
import type { FoundRecording } from '../recordings/found.ts';
import type { Heard, HeardChannel } from '../results/heard.ts';
import { ALL_FORMATS, CLASSIFY_FORMATS, type OutputFlags, type Plan, planOutput } from '../results/plan.ts';

const SOUND_FILES = `
Files may be WAV (also ADPCM and GSM 6.10), AIFF, AU, Wave64, SPHERE, CAF, FLAC, MP3, Vorbis and Opus in Ogg or WebM, and M4A and AAC
once the packages mediabunny and @mediabunny/server are installed. In folders, those are taken whose names end so.`;

/** What the command line says. */
interface Flags extends OutputFlags, HearingFlags {
  readonly channel: ChannelChoice;
  readonly report?: string;
  readonly hop?: number;
  readonly window?: number;
}

/** A command over recordings, with the options that both have. */
export function recordingsCommand(name: 'classify' | 'timeline'): Command {
  const formats = name === 'classify' ? CLASSIFY_FORMATS : ALL_FORMATS;
  const command = new Command(name)
    .argument('<recordings...>', 'files, folders, patterns such as "calls/**/*.mp3"; - for standard input')
    .option('--channel <which>', 'mix, each, or the number of a channel', channel('mix', 'each'), 'mix');
  return hearingOptions(command, formats)
    .option('--out <path>', `a file${name === 'timeline' ? ' or folder' : ''} in place of standard output`)
    .option('--report <file>', 'also a page with charts of each recording: html')
    .addHelpText('after', SOUND_FILES)
    .action((inputs: string[], flags: Flags) => overRecordings(name, inputs, flags));
}

/** Does what the command says; what must be loaded for it is loaded now. */
async function overRecordings(name: 'classify' | 'timeline', inputs: readonly string[], flags: Flags): Promise<void> {
  const isTimeline = name === 'timeline';
  const plan = planOutput(inputs, flags, isTimeline ? ALL_FORMATS : CLASSIFY_FORMATS, flags.channel === 'each');
  const plans: Plan[] = [
    plan,
    ...(flags.report === undefined ? [] : [{ format: 'html', file: flags.report } as const]),
  ];
  const isReport = plans.some(({ format }) => format === 'html');
  using signal = interruptible();
  const { openClassifier } = await import('../openClassifier.ts');
  const { openRecording } = await import('../recordings/openRecording.ts');
  const { eachRecording } = await import('../recordings/eachRecording.ts');
  const { countRecordings } = await import('../recordings/findRecordings.ts');
  const { openResults } = await import('../results/openResults.ts');
  const { showProgress } = await import('../terminal/progress.ts');

  const progress = showProgress();
  if (process.stderr.isTTY) void countRecordings(inputs, signal).then(progress.setTotal, () => {});
  const classifier = await openClassifier(flags.model, flags.voice);
  const counts = { done: 0, failed: 0 };
  const vad: false | undefined = flags.vad ? undefined : false;
  const sureness = surenessOf(flags);
  const setting = { classifier, isTimeline, hasChannels: flags.channel !== 'mix', sureness, vad, signal, progress };
  const writers: Awaited<ReturnType<typeof openResults>>[] = [];

  const work = async (recording: FoundRecording, onPart: (share: number) => void): Promise<Heard> => {
    const open = openRecording(recording, isReport ? 'again' : 'once');
    let seconds = 0;
    const onProgress = (at: { seconds: number; totalSeconds: number | undefined }) => {
      seconds = Math.max(seconds, at.seconds);
      if (at.totalSeconds) onPart(Math.min(1, at.seconds / at.totalSeconds));
    };
    const options = { channel: flags.channel, vad, signal, onProgress };
    const { hop: hopSeconds, window: windowSeconds } = flags;
    const followed = { ...options, hopSeconds, windowSeconds };
    const channels = isTimeline
      ? each<readonly EmotionSegment[]>(await classifier.timeline(await open(), followed), (segments) => ({ segments }))
      : each<EmotionResult>(await classifier.classify(await open(), options), (result) => ({ result }));
    return { recording, open, seconds, channels };
  };
  /** What came of a recording, by its channels: `each` gives a list of them. */
  const each = <T>(given: T | readonly T[], make: (one: T) => Omit<HeardChannel, 'channel'>): HeardChannel[] => {
    const choice = flags.channel;
    if (choice === 'each') return (given as readonly T[]).map((one, channel) => ({ channel, ...make(one) }));
    return [{ channel: choice === 'mix' ? undefined : choice, ...make(given as T) }];
  };
  const write = async (_: FoundRecording, heard: Heard) => {
    for (const writer of writers) await writer.write(heard);
  };

  try {
    for (const own of plans) writers.push(await openResults(own, setting));
    await eachRecording(inputs, { work, write, progress, signal, counts });
    progress.stop();
    if (flags.report !== undefined && counts.done > 0 && process.stderr.isTTY) progress.say(`Report: ${flags.report}`);
    for (const writer of writers) await (counts.done > 0 ? writer.close() : writer.discard());
  } catch (error) {
    progress.stop();
    // Who stops it may keep what there is: tables hold whole recordings, and end as they should.
    const isKept = signal.aborted && error === signal.reason && counts.done > 0;
    for (const writer of writers) await (isKept ? writer.close() : writer.discard());
    throw error;
  } finally {
    progress.stop();
    classifier.dispose();
    if (inputs.includes('-')) process.stdin.destroy();
  }
  if (counts.failed === 0) return;
  const all = counts.done + counts.failed;
  if (all > 1) process.stderr.write(`${counts.failed} of ${all} recordings failed.\n`);
  process.exitCode = 1;
}
