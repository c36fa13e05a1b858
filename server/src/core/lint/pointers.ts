/** Addresses in certificates: where lists, answers and other certificates are. */
import type { CertificateView } from './certificateView.ts';

export const OCSP = '1.3.6.1.5.5.7.48.1';
export const ISSUERS = '1.3.6.1.5.5.7.48.2';

/** URIs of one method. */
export function urls({ authorityInfoAccess = [] }: CertificateView, method: string): readonly string[] {
  return authorityInfoAccess.flatMap(({ method: own, location }) =>
    own === method && location.form === 'uri' ? [location.text] : [],
  );
}

export function crlUrls({ crlDistributionPoints = [] }: CertificateView): readonly string[] {
  return crlDistributionPoints.flatMap(({ names = [] }) =>
    names.flatMap(({ form, text }) => (form === 'uri' ? [text] : [])),
  );
}
