// this library → its version, for what it writes into files

/** The version of this library, as in its package.json (a test holds the two together). */
export const libraryVersion = '0.1.0';
