import { content } from '../../../credential/der.ts';
import { isHostName, isMailbox } from '../../../path/nameSyntax.ts';
import { meetsReserved } from '../../addresses.ts';
import type { CertificateView } from '../../certificateView.ts';
import { isFullyQualified } from '../../hostNames.ts';
import { rulesOf } from '../../rows.ts';
import type { Subtree } from '../../view/extensionValues.ts';

const has = ({ nameConstraints }: CertificateView) => nameConstraints !== undefined;
const subtrees = ({ nameConstraints }: CertificateView): readonly Subtree[] => [
  ...(nameConstraints?.permitted ?? []),
  ...(nameConstraints?.excluded ?? []),
];
const ofForm = (certificate: CertificateView, form: Subtree['base']['form']) =>
  subtrees(certificate).filter(({ base }) => base.form === form);
const UNREAD =
  'Hardly any software constrains names of this form; the others must refuse what it cannot tell.';
const END_OF_RESERVED = Date.UTC(2015, 10, 1);

/** RFC 5280, 4.2.1.10: a domain without a period before it, a mailbox, a host or `.domain` of mailboxes, an address with its mask. */
function isMalformed({ base }: Subtree): boolean {
  switch (base.form) {
    case 'dns':
      return base.text !== '' && !isHostName(base.text);
    case 'email':
      return !isHostName(base.text.replace(/^\./, '')) && !isMailbox(base.text);
    case 'ip':
      return base.octets.length !== 8 && base.octets.length !== 32;
    default:
      return false;
  }
}

export const rules = rulesOf(
  {
    source: 'RFC',
    remedy: 'Have the authority issued again with name constraints as the standard wants them.',
  },
  [
    {
      id: 'lint/name-constraints-without-authority',
      title: 'Names are constrained where no certificates are issued',
      why: 'The extension is about certificates below; elsewhere it does nothing.',
      standard: 'RFC 5280, 4.2.1.10',
      since: '1999-01-01',
      zlint: ['e_ext_name_constraints_not_in_ca'],
      applies: (certificate) => certificate.extension('nameConstraints') !== undefined,
      check: ({ isAuthority }) => !isAuthority && 'it constrains names, and is no authority',
    },
    {
      id: 'lint/name-constraints-empty',
      title: 'The name constraints constrain nothing',
      why: 'The extension is there to constrain, and has neither of its lists.',
      standard: 'RFC 5280, 4.2.1.10',
      since: '2008-05-01',
      zlint: ['e_name_constraint_empty'],
      applies: has,
      check: ({ nameConstraints }) =>
        (nameConstraints?.permitted ?? []).length + (nameConstraints?.excluded ?? []).length === 0 &&
        'the name constraints are empty',
    },
    {
      id: 'lint/name-constraints-maximum',
      title: 'A name constraint has a maximum',
      why: 'The field has no meaning for any form of name; readers refuse what they cannot tell.',
      standard: 'RFC 5280, 4.2.1.10',
      since: '1999-01-01',
      zlint: ['e_name_constraint_maximum_not_absent'],
      applies: has,
      check: (certificate) =>
        subtrees(certificate).some(({ maximum }) => maximum !== undefined) &&
        'a name constraint has a maximum',
    },
    {
      id: 'lint/name-constraints-minimum',
      title: 'A name constraint has a minimum other than 0',
      why: 'The field has no meaning for any form of name; readers refuse what they cannot tell.',
      standard: 'RFC 5280, 4.2.1.10',
      since: '1999-01-01',
      zlint: ['e_name_constraint_minimum_non_zero'],
      applies: has,
      check: (certificate) =>
        subtrees(certificate).some(
          ({ minimum }) => minimum !== undefined && content(minimum).some((octet) => octet !== 0),
        ) && 'a name constraint has a minimum other than 0',
    },
    {
      id: 'lint/name-constraints-uri-host',
      title: 'A constraint of URIs is no full domain name',
      why: 'URIs are constrained by their hosts, which are full domain names.',
      standard: 'RFC 5280, 4.2.1.10',
      since: '2008-05-01',
      zlint: ['e_name_constraint_not_fqdn'],
      applies: has,
      check: (certificate) =>
        ofForm(certificate, 'uri').some(({ base }) => !isFullyQualified(base.text.replace(/^\./, ''))) &&
        'a constraint of URIs is no full domain name',
    },
    {
      id: 'lint/name-constraint-malformed',
      title: 'A name constraint is malformed',
      why: 'Readers that cannot read it refuse everything below, or leave it out.',
      standard: 'RFC 5280, 4.2.1.10',
      applies: has,
      check: (certificate) => subtrees(certificate).some(isMalformed) && 'a name constraint is malformed',
    },
    {
      id: 'lint/name-constraints-edi-party',
      severity: 'warning',
      title: 'Names of EDI parties are constrained',
      why: UNREAD,
      standard: 'RFC 5280, 4.2.1.10',
      since: '2008-05-01',
      zlint: ['w_name_constraint_on_edi_party_name'],
      applies: has,
      check: (certificate) =>
        ofForm(certificate, 'ediParty').length > 0 && 'names of EDI parties are constrained',
    },
    {
      id: 'lint/name-constraints-registered-id',
      severity: 'warning',
      title: 'Registered identifiers are constrained',
      why: UNREAD,
      standard: 'RFC 5280, 4.2.1.10',
      since: '2008-05-01',
      zlint: ['w_name_constraint_on_registered_id'],
      applies: has,
      check: (certificate) =>
        ofForm(certificate, 'registeredId').length > 0 && 'registered identifiers are constrained',
    },
    {
      id: 'lint/name-constraints-x400',
      severity: 'warning',
      title: 'X.400 addresses are constrained',
      why: UNREAD,
      standard: 'RFC 5280, 4.2.1.10',
      since: '2008-05-01',
      zlint: ['w_name_constraint_on_x400'],
      applies: has,
      check: (certificate) => ofForm(certificate, 'x400').length > 0 && 'X.400 addresses are constrained',
    },
    {
      id: 'lint/name-constraints-reserved-address',
      title: 'An authority for browsers is permitted addresses that nobody can prove',
      why: 'Such addresses are in every internal network: a certificate for one holds in all of them.',
      standard: 'CA/Browser Forum TLS BR, 7.1.4.2.1 and 7.1.5',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ext_nc_intersects_reserved_ip'],
      applies: ({ notAfter, nameConstraints }) =>
        (notAfter?.at ?? 0) > END_OF_RESERVED && nameConstraints !== undefined,
      check: ({ nameConstraints }) =>
        nameConstraints?.permitted?.some(
          ({ base }) => base.form === 'ip' && meetsReserved(base.octets) === true,
        ) === true && 'addresses are permitted that IANA set aside',
    },
  ],
);
