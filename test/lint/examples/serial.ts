import { hex, integer } from '../der.ts';
import type { Examples } from '../example.ts';
import { server } from '../template.ts';

export const examples: Examples = {
  'lint/serial-too-long': { bad: server({ serial: integer(hex('01'.repeat(21))) }) },
  'lint/serial-not-positive': { bad: server({ serial: integer(hex('80ff01')) }) },
  'lint/serial-low-entropy': { bad: server({ serial: integer(hex('2a')) }) },
};
