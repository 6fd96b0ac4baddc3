// a folder or an archive that was dropped → an offer to teach with it, where there is a view for that

import { labelled } from '../state/dropped.ts';
import { go } from '../state/route.ts';
import { Button } from './button.tsx';

/** The offer, which goes when it is taken or declined. `view` is the id of the view that takes what `labelled` has. */
export function Teaching({ view }: { view: string }) {
  const { value } = labelled;
  if (!value) return null;
  return (
    <div class="notice">
      <p>
        If the folders of <strong>{value.name}</strong> are labels, a model can learn from them.
      </p>
      <Button small onClick={() => go(view, 'collection')}>
        Teach with it
      </Button>
      <Button small look="quiet" icon="close" label="No, thanks" onClick={() => (labelled.value = undefined)} />
    </div>
  );
}
