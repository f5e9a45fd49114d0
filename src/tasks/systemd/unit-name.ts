/** The full name of a unit: what has no known ending is a service (systemctl does the same). */
export function unitName(name: string): string {
  return KINDS.test(name) ? name : `${name}.service`;
}

const KINDS = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
