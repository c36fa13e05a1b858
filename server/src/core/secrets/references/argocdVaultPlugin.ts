import type { ReferenceForm } from './referenceForm.ts';

const PLACEHOLDER = /<path:[\w/.-]{1,200}\/data\/[\w/.-]{1,200}#[\w.-]{1,200}>/;

/** Inline paths of argocd-vault-plugin. A plain manifest is not read by it: only where such a path stands already. */
export const argocdVaultPlugin: ReferenceForm = {
  reader: 'argocd-vault-plugin',
  reads: (_file, text) => PLACEHOLDER.test(text),
  write: ({ mount, path, field }) => `<path:${mount}/data/${path}#${field}>`,
};
