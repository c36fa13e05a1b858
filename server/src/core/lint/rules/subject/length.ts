/** Upper bounds of the attributes of a subject (RFC 5280, A.1; X.520): one table. */
import type { LintMeta, LintRule } from '../../lintRule.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

interface Row {
  readonly id: LintMeta['id'];
  /** The short name of the type. */
  readonly attribute: string;
  readonly longest: number;
  readonly severity?: 'error' | 'warning';
  readonly standard: string;
  readonly since?: string;
  readonly zlint: string;
}

const BOUNDS = 'RFC 5280, A.1';
const SINCE = '1999-01-01';

const ROWS: readonly Row[] = [
  {
    id: 'lint/common-name-too-long',
    attribute: 'CN',
    longest: 64,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_common_name_max_length',
  },
  {
    id: 'lint/organization-too-long',
    attribute: 'O',
    longest: 64,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_organization_name_max_length',
  },
  {
    id: 'lint/organizational-unit-too-long',
    attribute: 'OU',
    longest: 64,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_organizational_unit_name_max_length',
  },
  {
    id: 'lint/locality-too-long',
    attribute: 'L',
    longest: 128,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_locality_name_max_length',
  },
  {
    id: 'lint/state-too-long',
    attribute: 'ST',
    longest: 128,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_state_name_max_length',
  },
  {
    id: 'lint/street-too-long',
    attribute: 'STREET',
    longest: 128,
    standard: 'X.520, upper bounds',
    since: SINCE,
    zlint: 'e_subject_street_address_max_length',
  },
  {
    id: 'lint/postal-code-too-long',
    attribute: 'postalCode',
    longest: 16,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_postal_code_max_length',
  },
  {
    id: 'lint/email-too-long',
    attribute: 'emailAddress',
    longest: 255,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_email_max_length',
  },
  {
    id: 'lint/subject-serial-too-long',
    attribute: 'serialNumber',
    longest: 64,
    standard: BOUNDS,
    zlint: 'e_subject_dn_serial_number_max_length',
  },
  {
    id: 'lint/given-name-too-long',
    attribute: 'GN',
    longest: 32768,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_given_name_max_length',
  },
  {
    id: 'lint/surname-too-long',
    attribute: 'SN',
    longest: 32768,
    standard: BOUNDS,
    since: SINCE,
    zlint: 'e_subject_surname_max_length',
  },
  {
    id: 'lint/given-name-long',
    attribute: 'GN',
    longest: 64,
    severity: 'warning',
    standard: 'X.411 (1988), annex B',
    since: SINCE,
    zlint: 'w_subject_given_name_recommended_max_length',
  },
  {
    id: 'lint/surname-long',
    attribute: 'SN',
    longest: 64,
    severity: 'warning',
    standard: 'X.411 (1988), annex B',
    since: SINCE,
    zlint: 'w_subject_surname_recommended_max_length',
  },
];

export const rules: readonly LintRule[] = ROWS.map(
  ({ id, attribute, longest, severity = 'error', standard, since, zlint }): LintRule => ({
    meta: {
      id,
      severity,
      title: `The ${attribute} of a subject has more than ${longest} characters`,
      why: 'Software reserves what the standard allows: a longer value is cut off, or the certificate refused.',
      remedy: `Issue it again with a shorter ${attribute}; names of hosts belong to the alternative names.`,
      standard,
      source: 'RFC',
      ...(since === undefined ? {} : { since }),
      zlint: [zlint],
    },
    applies: ({ subject }) => valuesOf(subject, attribute).length > 0,
    check({ subject }) {
      for (const value of valuesOf(subject, attribute)) {
        const length = [...value].length;
        if (length > longest) return `the ${attribute} has ${length} characters, and ${longest} are the most`;
      }
      return undefined;
    },
  }),
);
