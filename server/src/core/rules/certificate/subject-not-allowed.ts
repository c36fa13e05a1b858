import { limitVerdicts } from '../../policy/limits.ts';
import { subjectAttributes } from '../../policy/subjectAttributes.ts';
import type { CertificateSubjectNotAllowedRule } from '../../schema/generated/specs.ts';
import { quotable } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

const SUBJECT = ['spec', 'subject'];

export const rule = policyRule<CertificateSubjectNotAllowedRule>({
  meta: {
    id: 'certificate/subject-not-allowed',
    severity: 'error',
    title: 'A certificate’s subject says what a policy does not allow',
    why: 'An organization in a subject is read as a promise. Programs that go by it let in whoever can write it there.',
    remedy: 'Write the attributes that the policy asks for, or leave the subject out.',
    standard: 'RFC 5280, 4.1.2.6; RFC 4514',
  },
  *judge(judged, { attributes = {}, closed }) {
    const { resource } = judged;
    if (resource.kind !== 'Certificate') return;
    const written = subjectAttributes(resource.spec.subject ?? '');
    const limits = new Map(
      Object.entries(attributes).map(([name, limit]) => [name.toUpperCase(), { name, limit }]),
    );
    for (const { name, limit } of limits.values()) {
      const values = written
        .filter((each) => each.name === name.toUpperCase())
        .map(({ value }) => ({ text: value, path: SUBJECT }));
      yield* limitVerdicts(judged, values, limit, { what: `${name} of the subject`, parent: SUBJECT });
    }
    if (closed !== true) return;
    for (const { name } of written)
      if (!limits.has(name))
        yield {
          path: SUBJECT,
          message: `only attributes that the policy lists may be there; remove ${quotable(name) ?? 'the others'}`,
        };
  },
});
