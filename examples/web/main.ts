// the address → a view; the settings → one classifier that all views share

import { listStoredModels } from 'speech-emotion/browser';
import { byId, make, say } from './dom.ts';
import { BACKEND_TITLES, BACKENDS, type BackendName, whyNot } from './engine/availability.ts';
import { SHIPPED } from './engine/choice.ts';
import { Engine } from './engine/engine.ts';
import { filesView } from './views/files.ts';
import { liveView } from './views/live.ts';
import { trainingView } from './views/training.ts';

const engine = new Engine();
const model = byId<HTMLSelectElement>('model');
const backend = byId<HTMLSelectElement>('backend');

engine.onWords((words, wrong) => {
  say(byId('engine'), words, wrong);
  byId('again').hidden = !wrong;
  backend.value = engine.choice.backend;
});
model.addEventListener('change', () => void engine.choose({ model: model.value }));
backend.addEventListener('change', () => void engine.choose({ backend: backend.value as BackendName }));
byId('again').addEventListener('click', () => void engine.choose({}));
addEventListener('hashchange', showView);
filesView(engine);
liveView(engine);
trainingView(engine, listModels);
showView();
void listBackends();
void listModels();
void engine.choose({});
void navigator.serviceWorker?.register('./serviceWorker.js').catch(() => {}); // works without; the development server has none

function showView(): void {
  const wanted = location.hash.slice(1);
  const views = [...document.querySelectorAll<HTMLElement>('.view')];
  const shown = views.find(({ id }) => id === wanted) ?? views[0]!;
  for (const view of views) view.hidden = view !== shown;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav a')) {
    link.ariaCurrent = link.hash === `#${shown.id}` ? 'page' : null;
  }
}

/** All backends; those that cannot run here have the reason. */
async function listBackends(): Promise<void> {
  for (const name of BACKENDS) {
    const reason = await whyNot(name);
    const text = reason ? `${BACKEND_TITLES[name]}: ${reason}` : BACKEND_TITLES[name];
    backend.append(make('option', { value: name, disabled: reason !== undefined }, text));
  }
  backend.value = engine.choice.backend;
}

/** The shipped model, and those stored in this browser. */
async function listModels(): Promise<void> {
  const kept = await listStoredModels().catch(() => []);
  model.replaceChildren(
    make('option', { value: SHIPPED }, 'the one that ships'),
    ...kept.map((name) => make('option', { value: name }, name)),
  );
  model.value = engine.choice.model;
}
