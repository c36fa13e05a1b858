/** Relative to the project. */
export const NOT_SECRETS_FILE = '.identity/not-secrets.yaml';
/** Nobody judges so many by hand. */
export const LONGEST_NOT_SECRETS = 4 * 1024 * 1024;
