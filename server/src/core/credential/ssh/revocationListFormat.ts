/** Numbers of OpenSSH's PROTOCOL.krl that writing and reading share. */

/** "SSHKRL", a line end and a zero octet. */
export const KRL_MAGIC = Uint8Array.of(0x53, 0x53, 0x48, 0x4b, 0x52, 0x4c, 0x0a, 0x00);
export const KRL_FORMAT = 1;

export const KRL_SECTION = {
  certificates: 1,
  keys: 2,
  sha1: 3,
  signature: 4,
  sha256: 5,
  extension: 255,
} as const;

export const KRL_CERTIFICATES = {
  serialList: 0x20,
  serialRange: 0x21,
  serialBitmap: 0x22,
  keyIds: 0x23,
  extension: 0x39,
} as const;
