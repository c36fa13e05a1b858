/** Names that make a file ours whatever its documents say. */
const OUR_NAME = /\.identity\.(ya?ml|json)$/i;
const POLICY_TESTS = /\.policy-test\.ya?ml$/i;
const MAYBE_OURS = /\.ya?ml$/i;

export function isIdentityFile(path: string): boolean {
  return OUR_NAME.test(path);
}

/** Tests of policies: no manifests, and held to a schema of their own. */
export function isPolicyTestFile(path: string): boolean {
  return POLICY_TESTS.test(path);
}

/** It is read by its name alone. */
export function isOursByName(path: string): boolean {
  return isIdentityFile(path) || isPolicyTestFile(path);
}

/** What a file of tests is called where a manifest has its kind. */
export const POLICY_TEST = 'PolicyTest';

/** Files of another name count document by document, by their apiVersion. */
export function mayHoldManifests(path: string): boolean {
  return OUR_NAME.test(path) || MAYBE_OURS.test(path);
}
