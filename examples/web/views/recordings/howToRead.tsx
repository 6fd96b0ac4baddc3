// how the picture and the ribbon are read

/** A column of text. */
export function HowToRead() {
  return (
    <section class="how">
      <h2>How to read the picture</h2>
      <p>
        <b>Above, the voice.</b> Time runs to the right, pitch upwards; the stronger the colour, the louder. Stripes are
        a voiced sound, haze is a hiss.
      </p>
      <p>
        <b>Below, the emotion.</b> One colour, one pattern and one mark for each. Where the ribbon twists, the emotion
        changes.
      </p>
      <p>
        <b>The big word</b> is for the whole recording. Its weight is the certainty. While it plays, the word follows
        the line.
      </p>
    </section>
  );
}
