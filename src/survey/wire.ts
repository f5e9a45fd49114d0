/** The first so many strings of SSH's wire form, each with its length before it (RFC 4251, 5); fewer where it ends. */
export function readStrings(bytes: Buffer, count: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (found.length < count && at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}
