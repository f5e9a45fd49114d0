/**
 * What browsers are told beside the page, where the site says nothing else: not to guess types, who may frame it, where
 * plugins and base addresses come from, how much of an address other sites learn, and which devices it may use. After
 * OWASP's Secure Headers project; left out is what browsers have given up (X-XSS-Protection).
 */
const USUAL: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Content-Security-Policy': "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** Two years, as Mozilla's guideline 6.0 has it. */
const HSTS = {'Strict-Transport-Security': 'max-age=63072000'};

/**
 * Names and values of a site's response headers: the usual ones, and `own` beside them or in their place. `direct`: no
 * balancer is in front, which would tell browsers to come encrypted from now on.
 */
export function headersOf(own: Readonly<Record<string, string | false>>, direct: boolean): [string, string][] {
  const replaced = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const usual = Object.entries({...USUAL, ...(direct ? HSTS : {})});
  return [
    ...usual.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...Object.entries(own).flatMap(([name, value]): [string, string][] => (value === false ? [] : [[name, value]])),
  ];
}
