import type { LintRule } from '../../lintRule.ts';
import { encodingFaults } from '../../view/strictDer.ts';

const REMEDY = 'Have it issued again; report it to whoever makes the software of the authority.';

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/unreadable',
      severity: 'error',
      title: 'A part of a certificate cannot be read',
      why: 'What this cannot read, other software reads in another way or not at all. Which names, usages and limits it has is then anybody’s guess.',
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1',
      source: 'RFC',
      saidBy: 'credential/damaged',
      zlint: [],
    },
    check(certificate) {
      const [first, ...more] = certificate.problems();
      if (first === undefined) return undefined;
      const others = more.length === 0 ? '' : `, and ${more.length} more parts cannot`;
      return `${first.what} cannot be read: ${first.reason} (octet ${first.offset})${others}`;
    },
  },
  {
    meta: {
      id: 'lint/trailing-data',
      severity: 'warning',
      title: 'Something follows the end of a certificate',
      why: 'It is not signed. Some software refuses the certificate for it, and others pass it on unseen.',
      remedy: 'Remove what follows the certificate from the file.',
      standard: 'RFC 5280, 4.1',
      source: 'X.690',
      saidBy: 'credential/damaged',
      zlint: [],
    },
    check: ({ trailing }) => trailing > 0 && `${trailing} octets follow the end of the certificate`,
  },
  {
    meta: {
      id: 'lint/not-der',
      severity: 'error',
      title: 'A certificate is BER, and not DER',
      why: 'A signature is over octets. Who reads BER and writes it again as DER gets other octets, so the signature does not hold there; strict readers refuse it at once.',
      remedy: REMEDY,
      standard: 'X.690, 10 and 11; RFC 5280, 4.1',
      source: 'X.690',
      zlint: [],
    },
    check({ node }) {
      const [first, ...more] = node === undefined || node.truncated ? [] : encodingFaults(node);
      if (first === undefined) return undefined;
      const others = more.length === 0 ? '' : `, and ${more.length} more`;
      return `it has ${first.what} at octet ${first.offset}${others}, which DER does not`;
    },
  },
];
