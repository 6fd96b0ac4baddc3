// a certainty and the threshold → an upright gauge

/** Filled as far as the model is sure; the line is where "not sure" ends. */
export function Gauge({ share, threshold, emotion }: { share: number; threshold: number; emotion: string }) {
  return (
    <div class="gauge" data-emotion={emotion} aria-hidden="true">
      <div class="gauge-tube">
        <div class="gauge-fill" style={{ height: `${100 * share}%` }} />
      </div>
      {threshold > 0 && <div class="gauge-line" style={{ bottom: `${100 * threshold}%` }} />}
    </div>
  );
}
