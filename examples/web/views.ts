// the views of the page, in the order of its navigation

import type { ComponentType } from 'preact';
import type { IconName } from './parts/icon.tsx';
import { lazy } from './parts/lazy.tsx';
import { RecordingsView } from './views/recordings/recordingsView.tsx';

/** A view. Its `id` is its address: `#recordings`. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly component: ComponentType;
  /** Reached by links alone, not in the navigation. */
  readonly isQuiet?: boolean;
}

/** Another view is a line here: wrapped in `lazy` of parts/lazy.tsx, so that it is fetched when it is first shown. */
export const VIEWS: readonly [View, ...View[]] = [
  { id: 'recordings', title: 'Recordings', icon: 'upload', component: RecordingsView },
  {
    ...{ id: 'live', title: 'Live', icon: 'microphone' },
    component: lazy(() => import('./views/live/liveView.tsx').then(({ LiveView }) => LiveView)),
  },
  {
    ...{ id: 'my-voice', title: 'My voice', icon: 'person' },
    component: lazy(() => import('./views/voice/voiceView.tsx').then(({ VoiceView }) => VoiceView)),
  },
  {
    ...{ id: 'teach', title: 'Teach it', icon: 'plus' },
    component: lazy(() => import('./views/teach/teachView.tsx').then(({ TeachView }) => TeachView)),
  },
  {
    ...{ id: 'about', title: 'About', icon: 'eye', isQuiet: true },
    component: lazy(() => import('./views/about/aboutView.tsx').then(({ AboutView }) => AboutView)),
  },
];
