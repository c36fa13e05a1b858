import { type ASTNode, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { isObject, type JsonObject } from '../../manifest/path.ts';
import { celEnvironment, EXPRESSION_LIMITS, SAFE_MATCHES, VARIABLES } from './environment.ts';
import { type FieldReference, understand } from './references.ts';

/** A mistake in an expression; offsets in its text. */
export interface ExpressionProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What is surely meant there. */
  readonly instead?: string;
}

export interface Expression {
  readonly references: readonly FieldReference[];
  /** Never throws. `no`: it is false. `unclear`: it cannot be told, and `why`. */
  evaluate(given: {
    readonly identity: JsonObject;
    readonly labels: Readonly<Record<string, string>>;
    readonly now: Date;
  }): { readonly answer: 'yes' | 'no' } | { readonly answer: 'unclear'; readonly why: string };
}

export interface ReadExpression {
  /** Undefined: it has a problem. */
  readonly value: Expression | undefined;
  readonly problems: readonly ExpressionProblem[];
}

/** The same few are asked for again and again, by check, hover and completion. */
const known = new Map<string, ReadExpression>();
const MOST_KNOWN = 500;

export function readExpression(text: string): ReadExpression {
  const before = known.get(text);
  if (before !== undefined) return before;
  const read = compile(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, read);
  return read;
}

function compile(text: string): ReadExpression {
  const failed = (message: string, start: number, end: number): ReadExpression => ({
    value: undefined,
    problems: [{ message, start, end: Math.max(end, Math.min(start + 1, text.length)) }],
  });
  if (text.length > EXPRESSION_LIMITS.characters)
    return failed(`an expression has at most ${EXPRESSION_LIMITS.characters} characters`, 0, text.length);
  try {
    const { ast } = celEnvironment().parse(text);
    const { references, nesting, nodes, calls } = understand(ast);
    const bind = calls.find(({ name }) => name === 'bind');
    if (bind !== undefined)
      return failed('cel.bind is not offered here; write the part twice', bind.node.start, bind.node.end);
    const program = celEnvironment().parse(withSafeMatches(text, calls));
    const checked = program.check();
    if (!checked.valid) return failed(...problemOf(checked.error, text));
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return failed(
        `an expression answers yes or no, and this one gives ${checked.type ?? 'something else'}`,
        0,
        text.length,
      );
    return { value: { references, evaluate: evaluator(program, nodes, nesting) }, problems: [] };
  } catch (error) {
    return failed(...problemOf(error, text));
  }
}

/** From the last to the first, so that the places before stay. */
function withSafeMatches(
  text: string,
  calls: readonly { readonly name: string; readonly node: ASTNode; readonly after: number }[],
): string {
  return calls
    .filter(({ name, node }) => name === 'matches' && node.op === 'rcall')
    .map(({ after }) => text.indexOf('matches', after))
    .sort((a, b) => b - a)
    .reduce(
      (changed, at) => changed.slice(0, at) + SAFE_MATCHES + changed.slice(at + SAFE_MATCHES.length),
      text,
    );
}

function problemOf(error: unknown, text: string): [string, number, number] {
  if (!isCelError(error)) return ['this expression cannot be read', 0, text.length];
  const { start, end } = error.range ?? { start: 0, end: text.length };
  return [saying(error), Math.min(start, text.length), Math.min(end, text.length)];
}

interface CelError {
  readonly code: string | undefined;
  readonly summary: string;
  readonly range: { readonly start: number; readonly end: number } | undefined;
}

function isCelError(error: unknown): error is CelError {
  return (
    error instanceof ParseError ||
    error instanceof EvaluationError ||
    (error instanceof Error && 'summary' in error)
  );
}

/** In our words, as far as the library's codes tell what is wrong. */
function saying({ code, summary }: CelError): string {
  const said = summary.replaceAll(SAFE_MATCHES, 'matches').replace(/\.$/, '');
  switch (code) {
    case 'unknown_variable':
      return `${quoted(said)} is not known here; an expression speaks of ${Object.keys(VARIABLES).join(', ')}`;
    case 'unexpected_token':
    case 'expected_token':
      return said.includes('EOF')
        ? 'the expression ends too early; something is missing behind it'
        : `${decapitalized(said)}; look at what stands before it`;
    case 'unterminated_string':
      return 'this text is not closed; its quote is missing';
    case 'no_such_key':
      return `there is no ${quoted(said)}; ask with has() first`;
    default:
      return decapitalized(said);
  }
}

const quoted = (said: string): string => `"${said.slice(said.lastIndexOf(':') + 1).trim()}"`;

function decapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function evaluator(
  program: (context: Record<string, unknown>) => unknown,
  nodes: number,
  nesting: number,
): Expression['evaluate'] {
  return ({ identity, labels, now }) => {
    // Nothing is counted where nothing goes through lists.
    const steps = nesting === 0 ? nodes : nodes * Math.max(1, longestIn(identity)) ** nesting;
    if (steps > EXPRESSION_LIMITS.steps)
      return {
        answer: 'unclear',
        why: `its lists are too long for an expression that goes through ${nesting} of them`,
      };
    try {
      const result = program({ identity, labels, now });
      if (typeof result === 'boolean') return { answer: result ? 'yes' : 'no' };
      return { answer: 'unclear', why: 'the expression gives neither yes nor no' };
    } catch (error) {
      return {
        answer: 'unclear',
        why: isCelError(error) ? saying(error) : 'the expression cannot be evaluated',
      };
    }
  };
}

/** Items of the longest list or map anywhere in it. */
function longestIn(value: unknown): number {
  const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.reduce((most: number, item) => Math.max(most, longestIn(item)), items.length);
}
