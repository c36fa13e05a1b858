import type { ReferenceForm } from './referenceForm.ts';

const VARIABLES = /(?:^|\/)(?:group_vars|host_vars)\/|(?:^|\/)roles\/[^/]+\/(?:vars|defaults)\/[^/]+\.ya?ml$/;
const PLAY = /^[ \t]*(?:- )?hosts:\s/m;
const TASKS = /^[ \t]*(?:tasks|roles|vars|handlers):/m;

/** The lookup of the collection community.hashi_vault, whose `secret` is what the engine keeps. */
export const ansible: ReferenceForm = {
  reader: 'Ansible',
  reads: (file, text) => VARIABLES.test(file) || (PLAY.test(text) && TASKS.test(text)),
  write: ({ mount, path, field }) =>
    `{{ lookup('community.hashi_vault.vault_kv2_get', '${path}', engine_mount_point='${mount}').secret.${field} }}`,
};
