import { bits, extension, hex, integer, seq } from '../der.ts';
import type { Examples } from '../example.ts';
import { server } from '../template.ts';

export const examples: Examples = {
  'lint/unreadable': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', hex('3082')) } }),
  },
  'lint/trailing-data': { bad: server({ trailing: hex('0000') }) },
  'lint/not-der': {
    bad: server({ serial: integer(hex('0001')) }),
  },
  'lint/extension-without-value': {
    bad: server({ extensions: { keyUsage: extension('keyUsage', new Uint8Array()) } }),
    good: server({ signature: bits(seq(integer(hex('01')), integer(hex('02')))) }),
  },
};
