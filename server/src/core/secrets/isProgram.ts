/** As git tells texts from other contents: a text has no zero in what it begins with. */
const BEGINNING = 8000;

/** Programs, pictures, archives: what has a name before it there is no setting. A key in it is a key all the same. */
export function isProgram(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BEGINNING).includes(0);
}
