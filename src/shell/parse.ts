/** `KEY=value` lines, as `systemctl show` or `/etc/os-release` print them. Surrounding double quotes are taken off. */
export function parseKeyValues(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1).replace(/^"(.*)"$/, '$1')]] : [];
  });
  return Object.fromEntries(pairs);
}
