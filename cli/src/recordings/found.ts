// what a command line names → its recordings

/** A recording that was found. */
export interface FoundRecording {
  /** As it is told and written: the path, or `-` for standard input. */
  readonly name: string;
  /** Its path; undefined where it comes on standard input. */
  readonly path: string | undefined;
  /** Its path from the folder that the command line named, with `/`: where what is made of it goes. */
  readonly place: string;
}

/** Something that the command line names and that is none, or cannot be read. */
export interface NotFound {
  readonly name: string;
  readonly error: Error;
}
