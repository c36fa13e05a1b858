import { certificate } from './certificate.ts';
import { token, workload } from './credentials.ts';
import { head } from './documents.ts';
import { hurry } from './hurry.ts';
import { jsonSigns } from './jsonSigns.ts';
import { key, sshCertificate, sshKey } from './keys.ts';
import type { Theme } from './mistake.ts';
import { secrets } from './secrets.ts';
import { backend, machine, playbook, policy, project, trustBundle } from './surroundings.ts';
import { yamlSigns } from './yamlSigns.ts';

/** All themes. Secrets are made anew each time. */
export const themes = (): readonly Theme[] => [
  certificate,
  key,
  sshKey,
  sshCertificate,
  token,
  workload,
  machine,
  backend,
  policy,
  playbook,
  trustBundle,
  project,
  head,
  yamlSigns,
  jsonSigns,
  ...hurry,
  secrets(),
];
