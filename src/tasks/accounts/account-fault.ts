/**
 * What is wrong with the name or number of a user or group, in words. Names after useradd(8), with the length that
 * utmp allows; digits alone would be read as a number.
 */
export function accountFault(name: string, id?: number): string | undefined {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\$?$/.test(name) || /^\d+$/.test(name)) return `"${name}" is no account name`;
  if (id !== undefined && !(Number.isInteger(id) && id >= 0 && id < 2 ** 32 - 1)) return `${id} is no account number`;
  return undefined;
}
