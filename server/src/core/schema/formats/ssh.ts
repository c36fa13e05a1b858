import { type FormatProblem, problem, shown } from './problem.ts';

/** What stands for the machine's name in values that each machine has of its own. */
const PLACEHOLDER = '{machine}';
const LONGEST = 255;

/**
 * A name that an SSH certificate is good for: an account or a host (PROTOCOL.certkeys, "valid principals"). sshd reads
 * lists of principals at commas and line ends, so neither can be part of one.
 */
export function sshPrincipal(text: string): FormatProblem | undefined {
  const why = principalProblem(text);
  if (why === undefined) return undefined;
  const items = text.split(/[,\s]+/).filter((item) => item !== '');
  const isList = items.length > 0 && items.every((item) => principalProblem(item) === undefined);
  return {
    ...problem('bad-principal', `${shown(text)} is no principal: ${why}`),
    ...(isList ? { items } : {}),
  };
}

function principalProblem(text: string): string | undefined {
  if (text === '') return 'it is empty, and an empty one may stand for anybody';
  if (text.length > LONGEST) return `it has more than ${LONGEST} characters`;
  if (text.includes(',')) return 'it has a comma; write several as items of the list';
  if (/\s/.test(text)) return 'it has a space';
  if (/\p{C}/u.test(text)) return 'it has a control character';
  return /[{}]/.test(text.replaceAll(PLACEHOLDER, '')) ? `braces stand in ${PLACEHOLDER} alone` : undefined;
}
