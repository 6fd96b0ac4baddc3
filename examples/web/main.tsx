// the page

import { render } from 'preact';
import { Page } from './page.tsx';
import { keepClassifier } from './state/classifier.ts';

render(<Page />, document.getElementById('app')!);
// The first example is there without a model, which may come when the page has been painted.
requestAnimationFrame(() => setTimeout(keepClassifier));
void navigator.serviceWorker?.register('./serviceWorker.js').catch(() => {}); // works without; the development server has none
