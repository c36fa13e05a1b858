import type { ReferenceForm } from './referenceForm.ts';

const HELMFILE = /(?:^|\/)helmfile(?:\.d\/[^/]+)?\.ya?ml$/;

/** References of vals, which helmfile and helm-secrets read. Where the server is, `VAULT_ADDR` tells them. */
export const vals: ReferenceForm = {
  reader: 'vals',
  reads: (file, text) => HELMFILE.test(file) || text.includes('ref+vault://'),
  write: ({ mount, path, field }) => `ref+vault://${mount}/${path}#/${field}`,
};
