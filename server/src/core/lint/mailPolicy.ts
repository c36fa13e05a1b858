/** What certificates for mail say of themselves by the policies that the CA/Browser Forum reserved (S/MIME BR, 7.1.6.1). */
import type { CertificateView } from './certificateView.ts';

/** By their arcs behind 2.23.140.1.5. */
const VALIDATIONS = ['mailbox', 'organization', 'sponsor', 'individual'] as const;
const GENERATIONS = ['legacy', 'multipurpose', 'strict'] as const;

export type MailValidation = (typeof VALIDATIONS)[number];
export type MailGeneration = (typeof GENERATIONS)[number];

export interface MailPolicy {
  readonly validation: MailValidation;
  readonly generation: MailGeneration;
}

/** All that it names: one is right. */
export function mailPolicies({ policies = [] }: Pick<CertificateView, 'policies'>): readonly MailPolicy[] {
  return policies.flatMap(({ oid }) => {
    const [, validated, generated] = /^2\.23\.140\.1\.5\.([1-4])\.([1-3])$/.exec(oid) ?? [];
    const validation = VALIDATIONS[Number(validated) - 1];
    const generation = GENERATIONS[Number(generated) - 1];
    return validation === undefined || generation === undefined ? [] : [{ validation, generation }];
  });
}

/** Of somebody's mail, by a policy of these. */
export function isMail(
  certificate: CertificateView,
  wanted: {
    readonly validation?: readonly MailValidation[];
    readonly generation?: readonly MailGeneration[];
  } = {},
): boolean {
  return (
    certificate.isSubscriber &&
    mailPolicies(certificate).some(
      ({ validation, generation }) =>
        (wanted.validation?.includes(validation) ?? true) &&
        (wanted.generation?.includes(generation) ?? true),
    )
  );
}

const S_MIME_BR = 'CA/Browser Forum S/MIME BR, ';
/** In force since its first version. */
export const MAIL_SINCE = '2023-09-01';
export const MAIL_SHARED = {
  source: 'CA/B S/MIME BR',
  remedy: 'Have it issued again as the requirements for mail want it.',
} as const;

export function mailStandard(paragraph: string): string {
  return S_MIME_BR + paragraph;
}
