/** The X.509 library, loaded when a certificate is really made: it takes about 0.2 s. It wants the polyfill first. */
export async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
