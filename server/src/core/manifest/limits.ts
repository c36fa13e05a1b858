/** Bounds of what is read: far above any manifest that a person keeps, far below what hurts. */
export const MANIFEST_LIMITS = {
  /** UTF-16 code units of one file. */
  fileSize: 16 * 1024 * 1024,
  /** Maps and lists inside each other. */
  depth: 64,
  /** Values that aliases add by repeating what an anchor names: a "billion laughs" document ends here. */
  aliasedValues: 20_000,
} as const;
