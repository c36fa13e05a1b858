import { octetString, readInside } from '../../../credential/der.ts';
import { attempt } from '../../../credential/problem.ts';
import { type SignedTimestamp, signedTimestamps } from '../../../credential/signedTimestamps.ts';
import type { CertificateView } from '../../certificateView.ts';
import { rulesOf } from '../../rows.ts';
import { monthsAfter } from '../validity/longestValidity.ts';

const HOUR = 60 * 60 * 1000;
const EXTENSION = 'signedCertificateTimestamps';
const isPrecertificate = (certificate: CertificateView) =>
  certificate.extension('precertificatePoison') !== undefined;

function list(certificate: CertificateView): Uint8Array | undefined {
  const value = certificate.extension(EXTENSION)?.value;
  return value && attempt([], 'the list', () => octetString(readInside(value), 'the list'));
}

function timestamps(certificate: CertificateView): readonly SignedTimestamp[] {
  const octets = list(certificate);
  return (octets && attempt([], 'the list', () => signedTimestamps(octets))) ?? [];
}

/** Of how many logs Apple wants to see a promise, by the length of the validity. */
function wanted({ notBefore, notAfter }: CertificateView): number {
  const [start, end] = [notBefore?.at ?? 0, notAfter?.at ?? 0];
  if (end < monthsAfter(start, 15)) return 2;
  if (end < monthsAfter(start, 27)) return 3;
  return end < monthsAfter(start, 39) ? 4 : 5;
}

export const rules = rulesOf(
  {
    source: 'RFC',
    remedy: 'Have the authority log the certificate and put the promises of the logs into it.',
  },
  [
    {
      id: 'lint/timestamps-empty',
      title: 'The list of signed timestamps is empty',
      why: 'Browsers that want the certificate in a log refuse it.',
      standard: 'RFC 6962, 3.3',
      since: '2013-06-01',
      zlint: ['e_empty_sct_list'],
      applies: (certificate) => certificate.isSubscriber && !isPrecertificate(certificate),
      check(certificate) {
        const octets = list(certificate);
        return (
          octets !== undefined &&
          octets[0] === 0 &&
          octets[1] === 0 &&
          'the list of signed timestamps is empty'
        );
      },
    },
    {
      id: 'lint/timestamps-unreadable',
      title: 'The list of signed timestamps cannot be read',
      why: 'Browsers that want the certificate in a log refuse it.',
      standard: 'RFC 6962, 3.3',
      saidBy: 'credential/damaged',
      applies: (certificate) => certificate.extension(EXTENSION) !== undefined,
      check(certificate) {
        const octets = list(certificate);
        const isRead =
          octets !== undefined && attempt([], 'the list', () => signedTimestamps(octets)) !== undefined;
        return !isRead && 'the list of signed timestamps cannot be read';
      },
    },
    {
      id: 'lint/precertificate-with-timestamps',
      title: 'A precertificate has signed timestamps',
      why: 'They are promises about the precertificate, and cannot be in it.',
      standard: 'RFC 6962, 3.1 and 3.3',
      since: '2013-06-01',
      zlint: ['e_precert_with_sct_list'],
      applies: isPrecertificate,
      check: (certificate) =>
        certificate.extension(EXTENSION) !== undefined && 'it is a precertificate, and has signed timestamps',
    },
    {
      id: 'lint/precertificate-poison-not-critical',
      title: 'A precertificate is not marked so that clients refuse it',
      why: 'The mark is critical so that nobody takes a precertificate for a certificate.',
      standard: 'RFC 6962, 3.1',
      applies: isPrecertificate,
      check: (certificate) =>
        certificate.extension('precertificatePoison')?.critical === false &&
        'the mark of a precertificate is not critical',
    },
    {
      id: 'lint/timestamps-of-few-logs',
      severity: 'info',
      title: 'A certificate has promises of fewer logs than browsers want',
      why: 'Apple and Chrome want two or more logs; the rest would have to come by TLS or OCSP.',
      standard: 'Apple Certificate Transparency policy',
      source: 'Apple',
      since: '2018-10-15',
      zlint: ['n_ct_sct_policy_count_unsatisfied'],
      applies: (certificate) => certificate.isSubscriber && !isPrecertificate(certificate),
      check(certificate) {
        const logs = new Set(timestamps(certificate).map(({ logId }) => logId)).size;
        const least = wanted(certificate);
        return logs < least && `promises of ${logs} logs are in it, and browsers want ${least}`;
      },
    },
    {
      id: 'lint/backdated',
      title: 'A certificate begins more than 48 hours before it was logged',
      why: 'Who dates a certificate back escapes the rules of the day on which it was made.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.7',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_excessively backdated'],
      applies: (certificate) => timestamps(certificate).length > 0,
      check(certificate) {
        const start = certificate.notBefore?.at ?? Number.POSITIVE_INFINITY;
        return (
          timestamps(certificate).some(({ at }) => Date.parse(at) - start > 48 * HOUR) &&
          'it begins more than 48 hours before it was logged'
        );
      },
    },
  ],
);
