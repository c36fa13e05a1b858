import { limitVerdicts, placed } from '../../policy/limits.ts';
import type { SshExtensionNotAllowedRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

const EXTENSIONS = ['spec', 'extensions'];

export const rule = policyRule<SshExtensionNotAllowedRule>({
  meta: {
    id: 'ssh/extension-not-allowed',
    severity: 'error',
    title: 'A login by SSH may do what a policy does not allow',
    why: 'Forwarding an agent or a port lends the login to whoever is on the other side.',
    remedy: 'Remove the extension.',
    standard: 'OpenSSH PROTOCOL.certkeys, "Extensions"',
  },
  *judge(judged, limit) {
    const { resource } = judged;
    if (resource.kind !== 'SshCertificate') return;
    const extensions = placed(resource.spec.extensions ?? [], EXTENSIONS);
    yield* limitVerdicts(judged, extensions, limit, { what: 'extension', parent: EXTENSIONS });
  },
});
