import { type FormatProblem, problem, shown } from './problem.ts';

const LONGEST = 1024;

/** How a registry recognises a workload: `type:value`, such as `k8s:ns:payments`. */
export function selector(text: string): FormatProblem | undefined {
  const bad = (why: string, instead?: string): FormatProblem =>
    problem('bad-selector', `${shown(text)} is no selector: ${why}`, instead);
  if (text === '') return bad('it is empty; write type:value, such as unix:uid:1001');
  if (text.length > LONGEST) return bad(`it has more than ${LONGEST} characters`);
  const colon = text.indexOf(':');
  if (colon === -1) {
    const equals = /^([a-z][a-z0-9_-]*)=(\S+)$/.exec(text);
    const hint = 'write type:value with a colon between, such as unix:uid:1001';
    return bad(hint, equals === null ? undefined : `${equals[1]}:${equals[2]}`);
  }
  const type = text.slice(0, colon);
  const value = text.slice(colon + 1);
  if (type === '') return bad('nothing stands before the colon; write its type, such as unix or k8s');
  if (!/^[A-Za-z0-9_-]+$/.test(type)) return bad('its type has letters, digits, hyphens and underscores');
  if (value.trim() === '') return bad('nothing follows the colon');
  if (value.trim() !== value) return bad('a space stands beside its value', `${type}:${value.trim()}`);
  return /\p{Cc}/u.test(text) ? bad('it has a control character') : undefined;
}
