/** Names that make a file ours whatever its documents say. */
const OUR_NAME = /\.identity\.(ya?ml|json)$/i;
const MAYBE_OURS = /\.ya?ml$/i;

export function isIdentityFile(path: string): boolean {
  return OUR_NAME.test(path);
}

/** Files of another name count document by document, by their apiVersion. */
export function mayHoldManifests(path: string): boolean {
  return OUR_NAME.test(path) || MAYBE_OURS.test(path);
}
