import { parseIpAddress } from '../../../credential/build/ipAddress.ts';
import { addressText } from '../../../credential/generalName.ts';
import type { CredentialRequest } from '../../credentialRequest.ts';
import { usagesOf } from '../../credentialRequest.ts';
import type { CredentialContent } from './credentialBefore.ts';

/** What is asked of the issuer, spelled as the credential itself says it. */
export function contentAsked(request: CredentialRequest): CredentialContent {
  return { names: namesAsked(request), usages: usagesOf(request), limits: limitsAsked(request) };
}

function namesAsked(request: CredentialRequest): readonly string[] {
  switch (request.kind) {
    case 'Certificate': {
      const { dnsNames, ipAddresses, uris, emailAddresses } = request.names;
      return [...new Set([...dnsNames, ...ipAddresses.map(canonicalAddress), ...uris, ...emailAddresses])];
    }
    case 'SshCertificate':
      return request.principals;
    case 'Token':
      return request.audience;
    case 'Workload':
      return [request.spiffeId, ...request.dnsNames];
    case 'SshKey':
    case 'Key':
      return [];
    default:
      return request satisfies never;
  }
}

function canonicalAddress(text: string): string {
  const octets = parseIpAddress(text);
  return octets === undefined ? text : addressText(octets);
}

function limitsAsked(request: CredentialRequest): readonly string[] {
  switch (request.kind) {
    case 'SshCertificate': {
      const options = Object.entries(request.criticalOptions);
      return [
        ...options.map(([name, value]) => (value === '' ? name : `${name}=${value}`)),
        ...request.extensions,
      ];
    }
    case 'Token':
      return request.scopes;
    case 'Workload':
      return request.selectors;
    case 'Certificate':
    case 'SshKey':
    case 'Key':
      return [];
    default:
      return request satisfies never;
  }
}

/** What the names, and what narrows the credential, are called for its kind. */
export const CONTENT_TITLES: Readonly<
  Record<
    CredentialRequest['kind'],
    { readonly names: string; readonly usages: string; readonly limits: string }
  >
> = {
  Certificate: { names: 'Names', usages: 'Usages', limits: 'Limits' },
  SshCertificate: { names: 'Principals', usages: 'For', limits: 'Limits' },
  SshKey: { names: 'Names', usages: 'For', limits: 'Limits' },
  Key: { names: 'Names', usages: 'Usages', limits: 'Limits' },
  Token: { names: 'Audience', usages: 'Format', limits: 'Scopes' },
  Workload: { names: 'SPIFFE ID', usages: 'Usages', limits: 'Selectors' },
};
