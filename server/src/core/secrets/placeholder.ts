/** What stands where a secret will stand: no value was made at random if it says so little. */
const WORDS =
  /example|sample|placeholder|changeme|change-me|dummy|redacted|your[-_]?|insert|todo|fixme|xxxx|\*\*\*\*|0000000|1234567|abcdefg|deadbeef|notreal|fake/i;
/** Of a value of twenty signs made at random hardly ever fewer are different. */
const FEWEST_DIFFERENT = 8;

export function isPlaceholder(value: string): boolean {
  return WORDS.test(value) || new Set(value.toLowerCase()).size < FEWEST_DIFFERENT || isSequence(value);
}

/** `abcdefghij…`, `0123456789…`: each sign is the next of the one before. */
function isSequence(value: string): boolean {
  let steps = 0;
  for (let at = 1; at < value.length; at += 1)
    if (value.charCodeAt(at) - value.charCodeAt(at - 1) === 1) steps += 1;
  return steps > value.length / 2;
}
