// a dropped or chosen file → the page shows what the voice sounds like

import { EmotionClassifier, toWaveform } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from './backend.ts';
import { drawBars, drawSound, drawTimeline } from './drawing.ts';

const element = <T extends Element = HTMLElement>(id: string) => document.getElementById(id) as unknown as T;
const chosen = element<HTMLInputElement>('file');
const backend = element<HTMLSelectElement>('backend');
const drop = element('drop');

let classifier: EmotionClassifier | undefined;
let file: File | undefined;
let queue = Promise.resolve();

/** Weights live on a backend, so another backend means loading the model again. */
async function load(): Promise<void> {
  classifier?.dispose();
  classifier = undefined;
  backend.value = await useBackend(backend.value);
  classifier = await EmotionClassifier.load(pretrained);
}

async function listen(recording: File): Promise<void> {
  if (!classifier) throw new Error('There is no model: try another way to compute.');
  const waveform = await toWaveform(recording);
  const { label, confidence, scores } = await classifier.classify(waveform);
  const segments = await classifier.timeline(waveform);
  const seconds = waveform.samples.length / waveform.sampleRate;
  element('result').hidden = false; // before drawing, which needs the layout
  element('heading').textContent = recording.name;
  element('seconds').textContent = `${seconds.toFixed(1)} s`;
  element('course').textContent = `Emotions over time: ${segments.map((segment) => segment.label).join(', ')}`;
  drawBars(element('bars'), scores);
  drawSound(element('sound'), waveform);
  drawTimeline(element('cells'), segments, seconds);
  say(`${recording.name} sounds ${label} (${Math.round(100 * confidence)} %).`);
}

/** Does one thing after the other, and says what went wrong instead of leaving an old result. */
function work(doing: string, task: () => Promise<void>): void {
  queue = queue.then(async () => {
    say(doing);
    try {
      await task();
    } catch (error) {
      element('result').hidden = true;
      say(error instanceof Error ? error.message : String(error), true);
    }
  });
}

function say(text: string, wrong = false): void {
  const status = element('status');
  status.textContent = text;
  status.classList.toggle('error', wrong);
}

function take(recording: File | undefined): void {
  if (!recording) return;
  file = recording;
  work(`Listening to ${recording.name} …`, () => listen(recording));
}

chosen.addEventListener('change', () => take(chosen.files?.[0]));
// On the whole window: a file dropped beside the frame would otherwise replace the page.
for (const type of ['dragover', 'dragleave', 'drop'] as const) {
  window.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', type === 'dragover');
    if (type !== 'drop' || !event.dataTransfer?.files[0]) return;
    chosen.files = event.dataTransfer.files; // so that the name beside the button is the file's
    take(chosen.files[0]);
  });
}
backend.addEventListener('change', start);
start();

function start(): void {
  work('Loading the model …', async () => {
    await load();
    say(`Ready, computing with ${backend.selectedOptions[0]?.text}.`);
  });
  take(file);
}
