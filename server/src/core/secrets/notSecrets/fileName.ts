/** Relative to the project. */
export const NOT_SECRETS_FILE = '.identity/not-secrets.yaml';
