// the frame: header, the view of the address, footer

import { effect } from '@preact/signals';
import { Brand } from './parts/brand.tsx';
import { Button } from './parts/button.tsx';
import { Footer } from './parts/footer.tsx';
import { Icon } from './parts/icon.tsx';
import { Patterns } from './parts/patterns.tsx';
import { openSettings, SettingsDialog } from './parts/settingsDialog.tsx';
import { Teaching } from './parts/teaching.tsx';
import { announcement } from './state/announcement.ts';
import { isDropping } from './state/dropped.ts';
import { addressOf, route } from './state/route.ts';
import { theme, toggleTheme } from './state/theme.ts';
import { update } from './state/update.ts';
import { voiceInUse } from './state/voice.ts';
import { VIEWS } from './views.ts';

const current = () => VIEWS.find(({ id }) => id === route.value.view) ?? VIEWS[0];

effect(() => {
  document.title = `${current().title} · speech-emotion`;
});

/** The view that learns from what is dropped, where there is one. */
const TEACH = 'teach';

const skip = (event: Event) => {
  event.preventDefault(); // the address is the view's
  document.getElementById('main')!.focus();
};

/** The whole page. */
export function Page() {
  const view = current();
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to the content, and leaves the address as it is. */}
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <Brand />
        <nav class="views" aria-label="Views">
          {VIEWS.filter(({ isQuiet }) => !isQuiet).map(({ id, title, icon }) => (
            <a key={id} href={addressOf(id)} aria-current={id === view.id ? 'page' : undefined}>
              <Icon name={icon} />
              {title}
            </a>
          ))}
        </nav>
        <div class="top-end">
          {voiceInUse.value && (
            <a class="own-voice" href={addressOf('my-voice')}>
              <Icon name="person" />
              <span>Your voice</span>
            </a>
          )}
          <span class="private">
            <Icon name="lock" />
            <span>Nothing leaves this device</span>
          </span>
          <span class="only-wide">
            <Button
              look="quiet"
              small
              icon={theme.value === 'dark' ? 'sun' : 'moon'}
              label={theme.value === 'dark' ? 'Light theme' : 'Dark theme'}
              onClick={toggleTheme}
            />
          </span>
          <Button look="quiet" small icon="settings" label="Settings" onClick={openSettings} />
        </div>
      </header>
      {update.value && (
        <div class="notice update" role="status">
          <p>There is a newer version of this page.</p>
          <Button small onClick={update.value}>
            Reload
          </Button>
        </div>
      )}
      <main id="main" tabIndex={-1} class={isDropping.value ? 'dropping' : undefined}>
        {view.id === 'recordings' && VIEWS.some(({ id }) => id === TEACH) && <Teaching view={TEACH} />}
        <view.component key={view.id} />
      </main>
      <Footer />
      <SettingsDialog />
      <Patterns />
      <p class="hidden-words" role="status">
        {announcement.value}
      </p>
    </>
  );
}
