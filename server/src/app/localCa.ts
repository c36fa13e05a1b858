import { API_VERSION } from '../core/identity/identityId.ts';
import { yamlText } from '../core/schema/place.ts';

/** What the embedded authority is called where nobody chose a name. */
export const LOCAL_CA = 'local-ca';
export const LOCAL_CA_FILE = `backends/${LOCAL_CA}.identity.yaml`;

/** The manifest of an authority inside this tool, for a project that has none yet. */
export function localCaText(project: string, owner: string | null): string {
  return `# An authority inside this tool: its keys are sealed in your user account, never in this folder.
apiVersion: ${API_VERSION}
kind: Backend
metadata:
  name: ${LOCAL_CA}
spec:
  type: local
${owner === null ? '' : `  owner: ${owner}\n`}  authority:
    commonName: ${yamlText(project.slice(0, 40))}
    maximumDuration: 90d
    crl: { path: pki/${LOCAL_CA}.crl.pem }
    publish: { roots: pki/${LOCAL_CA}.roots.pem }
`;
}
