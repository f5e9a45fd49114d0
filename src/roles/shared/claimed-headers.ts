/*
 * Request headers by which a program believes who sent a request, how, or for what, in place of the connection and the
 * request itself. Proxies and content networks set them; from a client they are only claims. Names in lower case.
 */

/** A header that begins with one of these is such a header. */
export const CLAIMED_PREFIXES: readonly string[] = [
  ...['x-forwarded', 'forwarded', 'x-original-', 'x-originating-', 'x-rewrite-', 'x-override-'],
  ...['x-real-', 'x-remote-', 'remote-', 'true-client-', 'x-true-client-', 'cluster-client-', 'x-cluster-client-'],
  ...['ssl-client-', 'x-ssl-', 'x-arr-', 'x-accel-', 'x-sendfile-'],
  // Weblogic, Cloudflare, Fastly, Azure, App Engine, Envoy.
  ...['wl-proxy-', 'cf-', 'fastly-', 'x-azure-', 'x-appengine-', 'x-envoy-'],
];

/** Known ones, for software that can only drop a header by its full name. */
export const CLAIMED_NAMES: readonly string[] = [
  // The client's address, certificate or identity.
  ...['forwarded', 'forwarded-for', 'x-forwarded', 'x-forwarded-for', 'x-forwarded-by', 'x-forwarded-client-cert'],
  ...['x-forwarded-user', 'x-forwarded-email', 'x-forwarded-groups', 'x-forwarded-preferred-username'],
  ...['x-original-forwarded-for', 'x-original-remote-addr', 'x-originating-ip', 'x-proxyuser-ip', 'x-coming-from'],
  ...['x-real-ip', 'x-remote-ip', 'x-remote-addr', 'x-remote-user', 'remote-addr', 'remote-user', 'x-source-ip'],
  ...['client-ip', 'x-client-ip', 'x-client-addr', 'x-client-cert', 'true-client-ip', 'x-true-client-ip'],
  ...['cluster-client-ip', 'x-cluster-client-ip', 'proxy-client-ip', 'wl-proxy-client-ip', 'wl-proxy-ssl'],
  ...[
    'cf-connecting-ip',
    'cf-connecting-ipv6',
    'cf-pseudo-ipv4',
    'fastly-client-ip',
    'fly-client-ip',
    'do-connecting-ip',
  ],
  ...['x-azure-clientip', 'x-azure-socketip', 'x-appengine-user-ip', 'x-envoy-external-address', 'x-arr-clientcert'],
  ...[
    'ssl-client-cert',
    'ssl-client-verify',
    'ssl-client-s-dn',
    'x-ssl-cert',
    'x-ssl-client-cert',
    'x-ssl-client-verify',
  ],
  ...['x-ssl-client-dn', 'x-authenticated-user', 'x-webauth-user', 'x-auth-request-user', 'x-auth-request-email'],
  // The host, scheme or port of the URL.
  ...['x-forwarded-host', 'x-forwarded-server', 'x-forwarded-proto', 'x-forwarded-protocol', 'x-forwarded-scheme'],
  ...['x-forwarded-ssl', 'x-forwarded-port', 'x-original-host', 'x-original-proto', 'x-host', 'x-host-override'],
  ...['x-http-host-override', 'x-scheme', 'x-url-scheme', 'x-https', 'front-end-https', 'cf-visitor', 'fastly-ssl'],
  ...['x-arr-ssl', 'cloudfront-forwarded-proto', 'x-proxy-host'],
  // Its path, or the file behind it.
  ...[
    'x-forwarded-prefix',
    'x-forwarded-path',
    'x-forwarded-uri',
    'x-original-url',
    'x-original-uri',
    'x-original-path',
  ],
  ...[
    'x-rewrite-url',
    'x-rewrite-uri',
    'x-override-url',
    'x-envoy-original-path',
    'x-http-destinationurl',
    'x-proxy-url',
  ],
  ...['x-url', 'x-uri', 'x-path', 'x-base-url', 'x-request-uri', 'request-uri', 'x-script-name', 'script-name'],
  ...['x-ingress-path', 'x-accel-mapping', 'x-sendfile-type'],
];

/** Those of {@link CLAIMED_NAMES} that no prefix covers. */
export const OTHER_CLAIMED_NAMES: readonly string[] = CLAIMED_NAMES.filter(
  (name) => !CLAIMED_PREFIXES.some((prefix) => name.startsWith(prefix)),
);
