// what can be listened to: an example, files, a take

import { Button, FileButton } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { take } from '../../state/dropped.ts';
import { examples } from '../../state/examples.ts';
import { duration } from '../../state/figures.ts';
import { record } from '../../state/recorder.ts';
import { secondsOf } from '../../state/recording.ts';
import { go } from '../../state/route.ts';
import { ACCEPT } from '../../state/soundFiles.ts';

/** The three ways in, and the fourth. */
export function Actions() {
  return (
    <div class="ways-in">
      <div class="actions">
        <ExampleMenu />
        <FileButton accept={ACCEPT} onFiles={(files) => void take(files)}>
          <span>
            Choose<span class="only-wide"> files</span>
          </span>
        </FileButton>
        <Button look="filled" icon="microphone" onClick={() => void record()}>
          Record
        </Button>
      </div>
      <p class="secondary only-wide">or drop recordings anywhere on this page</p>
    </div>
  );
}

function ExampleMenu() {
  const items = examples.map(({ id, name, progress }) => ({
    title: name,
    text: `Spoken by a synthesiser, ${duration(secondsOf(progress.value) ?? 0)}`,
    onChoose: () => go('recordings', id),
  }));
  return (
    <Menu label="Examples" items={items}>
      <span>
        <span class="only-wide">Try an example</span>
        <span class="only-phone">Example</span>
      </span>
    </Menu>
  );
}
