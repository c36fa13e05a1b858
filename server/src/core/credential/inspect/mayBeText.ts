/** UTF-16 has zero octets, but it says so at its start. */
export function mayBeText(bytes: Uint8Array): boolean {
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return hasMark || !bytes.subarray(0, 8192).includes(0);
}
