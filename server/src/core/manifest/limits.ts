/** Bounds of what is read: far above any manifest that a person keeps, far below what hurts. */
export const MANIFEST_LIMITS = {
  /** UTF-16 code units of one file. */
  fileSize: 16 * 1024 * 1024,
  documents: 20_000,
  /** UTF-16 code units of one document that is read between two keys: a larger one waits for a pause in the typing. */
  readAtOnce: 64 * 1024,
  /** UTF-16 code units of documents that are not open and whose values stay in memory for a while. */
  recentlyRead: 64 * 1024,
  /** UTF-16 code units of documents that policies judge, whose values stay at hand without their places. */
  judgedAgain: 12 * 1024 * 1024,
  /** Maps and lists inside each other. */
  depth: 64,
  /** Values that aliases add by repeating what an anchor names: a "billion laughs" document ends here. */
  aliasedValues: 20_000,
  /** Findings of one document: enough for any person to work on; a hostile one could have millions. */
  findings: 100,
} as const;
