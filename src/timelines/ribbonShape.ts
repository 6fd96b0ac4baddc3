// a ribbon → what it is drawn of

/** A part of a ribbon, in the order in which parts are painted. Paths are SVG path data, in pixels from the upper left. */
export type RibbonShape = RibbonThread | RibbonStrand | RibbonBand | RibbonShade | RibbonMark;

interface Part {
  /** Where it begins, in seconds of the recording. */
  readonly start: number;
  /** Where it ends, in seconds of the recording. */
  readonly end: number;
}

/** Nobody speaks: a row of dots. */
export interface RibbonThread extends Part {
  /** Which part it is. */
  readonly kind: 'thread';
  /** To be filled. */
  readonly path: string;
}

/** An emotion of which the model is sure: a band, as thick as it is sure. */
export interface RibbonBand extends Part {
  /** Which part it is. */
  readonly kind: 'band';
  /** The emotion. */
  readonly label: string;
  /** To be filled with the label's colour and pattern. */
  readonly path: string;
  /** To be stroked in the label's ink. */
  readonly outline: string;
}

/** A piece of one of two strands: the likeliest emotions where the model is not sure. */
export interface RibbonStrand extends Part {
  /** Which part it is. */
  readonly kind: 'strand';
  /** The emotion. */
  readonly label: string;
  /** To be filled with the label's colour and pattern. */
  readonly path: string;
  /** To be stroked in the label's ink. */
  readonly outline: string;
}

/** The shade of a twist upon the band before it, where one emotion turns into another. */
export interface RibbonShade extends Part {
  /** Which part it is. */
  readonly kind: 'shade';
  /** To be filled from nothing to a shadow, across its width. */
  readonly path: string;
  /** Where it is darkest: at its end where the emotion ends, at its start where the next one begins. */
  readonly darkest: 'start' | 'end';
}

/** Where a mark and a name belong, under the ribbon: at each change. */
export interface RibbonMark extends Part {
  /** Which part it is. */
  readonly kind: 'mark';
  /** The emotion; undefined where nobody speaks. */
  readonly label: string | undefined;
  /** The other emotion, where the model is not sure. */
  readonly second: string | undefined;
  /** Where it begins, in pixels from the left. */
  readonly x: number;
  /** How much room there is up to the next mark, in pixels. */
  readonly room: number;
}
