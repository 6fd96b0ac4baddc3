// the page

import { render } from 'preact';
import { Page } from './page.tsx';
import { keepClassifier } from './state/classifier.ts';
import { keepFiles } from './state/update.ts';

render(<Page />, document.getElementById('app')!);
// The first example is there without a model, which may come when the page has been painted.
requestAnimationFrame(() => setTimeout(keepClassifier));
keepFiles();
