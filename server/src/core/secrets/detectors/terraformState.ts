import type { Detection, Detector } from '../detector.ts';
import { CREDENTIAL_FILE } from '../loginRules.ts';
import { isSecretValue } from '../secretValue.ts';

const RESULT = /"(?:result|bcrypt_hash)"\s{0,8}:\s{0,8}"([^"\n]{6,400})"/g;
const NEAR = 2048;

/** What Terraform made at random is called nothing but a result; that it is a password its resource says. */
export const detector: Detector = {
  rules: [CREDENTIAL_FILE],
  keywords: ['"random_password"', '\\"random_password\\"'],
  reach: 'near',
  *find({ text, at, path }): Generator<Detection> {
    const rest = text.slice(at, at + NEAR);
    const next = rest.indexOf('"type"', 1);
    for (const match of rest.slice(0, next === -1 ? NEAR : next).matchAll(RESULT)) {
      const [whole, value = ''] = match;
      const start = at + match.index + whole.length - 1 - value.length;
      if (isSecretValue(value, path))
        yield {
          rule: CREDENTIAL_FILE,
          what: 'a password in the state of Terraform',
          start,
          end: start + value.length,
        };
    }
  },
};
