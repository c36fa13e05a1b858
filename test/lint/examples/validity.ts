import { element } from '../../../server/src/core/credential/derWriter.ts';
import { text } from '../der.ts';
import type { Examples } from '../example.ts';
import { device, server } from '../template.ts';

const utc = (value: string) => element(0x17, text(value));
const generalized = (value: string) => element(0x18, text(value));

/** From the first moment of a day to the last second of another. */
function held(from: string, days: number): Uint8Array {
  const end = new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000 - 1000);
  return server({ notBefore: `${from}T00:00:00Z`, notAfter: end.toISOString() });
}

export const examples: Examples = {
  'lint/validity-not-positive': {
    bad: server({ notBefore: '2026-04-02T00:00:00Z', notAfter: '2026-04-01T00:00:00Z' }),
  },
  'lint/utc-time-without-seconds': { bad: server({ notAfter: utc('2606010000Z') }) },
  'lint/utc-time-not-zulu': { bad: server({ notAfter: utc('260601000000+0100') }) },
  'lint/generalized-time-without-seconds': {
    bad: device({ notAfter: generalized('206006010000Z') }),
    good: device(),
  },
  'lint/generalized-time-fraction': {
    bad: device({ notAfter: generalized('20600601000000.5Z') }),
    good: device(),
  },
  'lint/generalized-time-not-zulu': {
    bad: device({ notAfter: generalized('20600601000000+0100') }),
    good: device(),
  },
  'lint/generalized-time-before-2050': { bad: server({ notAfter: generalized('20260601000000Z') }) },
  'lint/validity-over-39-months': { bad: held('2017-01-01', 1200), good: held('2017-01-01', 1000) },
  'lint/validity-over-825-days': { bad: held('2019-01-01', 827), good: held('2019-01-01', 825) },
  'lint/validity-over-398-days': { bad: held('2020-09-01', 399), good: held('2020-09-01', 398) },
  'lint/validity-over-397-days': { bad: held('2020-09-01', 398), good: held('2020-09-01', 397) },
  'lint/validity-over-200-days': { bad: held('2026-03-15', 201), good: held('2026-03-15', 200) },
  'lint/validity-over-199-days': { bad: held('2026-03-15', 200), good: held('2026-03-15', 199) },
  'lint/validity-over-100-days': { bad: held('2027-03-15', 101), good: held('2027-03-15', 100) },
  'lint/validity-over-99-days': { bad: held('2027-03-15', 100), good: held('2027-03-15', 99) },
  'lint/validity-over-47-days': { bad: held('2029-03-15', 48), good: held('2029-03-15', 47) },
  'lint/validity-over-46-days': { bad: held('2029-03-15', 47), good: held('2029-03-15', 46) },
};
