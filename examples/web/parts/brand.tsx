// the page's sign: a ribbon that twists

/** The sign and the name, which lead home. */
export function Brand() {
  return (
    <a class="brand" href="#recordings">
      <svg viewBox="0 0 34 24" aria-hidden="true">
        <path class="strip-fill" data-emotion="sad" d="M1 4C7 4 11 8 16 12 11 16 7 20 1 20Z" />
        <path class="strip-fill" data-emotion="happy" d="M33 1C27 3 21 8 16 12 21 16 27 21 33 23Z" />
      </svg>
      speech-emotion
    </a>
  );
}
