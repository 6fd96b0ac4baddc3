// the address → teaching a sound of one's own, or training on a whole collection

import { useEffect } from 'preact/hooks';
import { Teaching } from '../../parts/teaching.tsx';
import { findLessons } from '../../state/lessons.ts';
import { addressOf, route } from '../../state/route.ts';
import { closeSampling } from '../../state/sampling.ts';
import { stopTrying } from '../../state/tryOut.ts';
import { CollectionPage } from './collectionPage.tsx';
import { Lessons } from './lessons.tsx';
import { TrainCard } from './trainCard.tsx';
import { TryIt } from './tryIt.tsx';

/** What is after `#teach/` for whole collections. */
export const COLLECTION = 'collection';

/** The view. */
export function TeachView() {
  return route.value.rest === COLLECTION ? <CollectionPage /> : <OwnSounds />;
}

/** Classes flow into the training, and that into trying. Who leaves is not listened to any longer. */
function OwnSounds() {
  useEffect(() => {
    void findLessons();
    return () => {
      closeSampling();
      stopTrying();
    };
  }, []);
  return (
    <div class="teach">
      <Teaching view="teach" />
      <h1 class="title">Teach it a sound of your own</h1>
      <p class="lead">
        Name two or more things to tell apart, give it ten samples of each, and train. It learns in this browser, in
        seconds.
      </p>
      <div class="teach-flow">
        <Lessons />
        <TrainCard />
        <TryIt />
      </div>
      <p class="teach-other">
        <a href={addressOf('teach', COLLECTION)}>Train on a whole collection</a>
        <span class="secondary"> of labelled recordings, such as RAVDESS, from the beginning.</span>
      </p>
    </div>
  );
}
