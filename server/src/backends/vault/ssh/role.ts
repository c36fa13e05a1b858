import type { SshCertificateType } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { SshRole } from '../configuration.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';

/** What a role of the ssh engine lets through, as far as it decides before the server is asked. */
export interface SshRoleFacts {
  /** Seconds. */
  readonly maximumTtl: number;
  readonly notBefore: number;
  readonly takesKeyIds: boolean;
  /** Undefined: any. */
  readonly extensions: ReadonlySet<string> | undefined;
  readonly criticalOptions: ReadonlySet<string> | undefined;
  /** It puts some of its own in where a request asks for none. */
  readonly addsExtensions: boolean;
  readonly addsCriticalOptions: boolean;
}

/** The server's own maximum where a role says none: 768 hours. */
const DEFAULT_MAXIMUM = 768 * 3600;

/** Throws `not-found` when there is no such role, `invalid-request` when it does not sign this type. */
export async function readSshRole(
  vault: Vault,
  type: SshCertificateType,
  { mount, role }: SshRole,
  signal: AbortSignal,
): Promise<SshRoleFacts> {
  const answer = await vault.read(apiPath(mount, 'roles', role), signal);
  if (answer === undefined)
    throw new BackendError({
      kind: 'not-found',
      what: `${vault.name} has no role ${role} in its ssh engine at ${mount}`,
      hint: `correct spec.ssh.${type}.role, or have the role made`,
    });
  const { data } = answer;
  if (data['key_type'] !== 'ca' || data[`allow_${type}_certificates`] !== true)
    throw new BackendError({
      kind: 'invalid-request',
      what: `the role ${role} of ${vault.name} signs no ${type} certificates`,
      hint: `name another role, or have it set to key_type=ca and allow_${type}_certificates=true`,
    });
  const { max_ttl: maximum, not_before_duration: notBefore } = data;
  return {
    maximumTtl: typeof maximum === 'number' && maximum > 0 ? maximum : DEFAULT_MAXIMUM,
    notBefore: typeof notBefore === 'number' ? notBefore : 30,
    takesKeyIds: data['allow_user_key_ids'] === true,
    extensions: namesIn(data['allowed_extensions'], new Set()),
    criticalOptions: namesIn(data['allowed_critical_options'], undefined),
    addsExtensions: holdsAny(data['default_extensions']),
    addsCriticalOptions: holdsAny(data['default_critical_options']),
  };
}

/** `*` is any; what an empty list means differs: no extension, any critical option. */
function namesIn(list: unknown, whenEmpty: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  const names = typeof list === 'string' ? list.split(',').map((name) => name.trim()) : [];
  const given = names.filter((name) => name !== '');
  if (given.length === 0) return whenEmpty;
  return given.includes('*') ? undefined : new Set(given);
}

function holdsAny(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
