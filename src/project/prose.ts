import type {Choices, ProjectAbout, ServerChoice, ServerRole} from './choices.js';
import {keeperFor, serversFor} from './choices.js';
import {code, markdown, renderText} from './render-text.js';

/** `.github/workflows/plan.yml`: the plan as a comment on each pull request. */
export function renderWorkflow({sshFrom}: Choices): string {
  return renderText('plan.yml', {sshFrom: sshFrom.length > 0});
}

/** `README.md`: for the people who work with the project. */
export function renderReadme(choices: Choices, {name, infra}: ProjectAbout): string {
  const names = (...roles: ServerRole[]) =>
    choices.servers
      .filter((server) => server.roles.some((role) => roles.includes(role)))
      .map((server) => markdown(server.name))
      .join(', ');
  const [address] = choices.virtualAddress;
  const [balancer] = serversFor('balancer', choices);
  return renderText('README.md', {
    ...choices,
    name,
    infra: code(infra),
    user: code(choices.user),
    domainName: choices.domain,
    servers: choices.servers.map((server) => ({...server, purpose: purposeOf(server)})),
    visitors: visitorsOf(choices),
    keeper: keeperFor(choices),
    replica: serversFor('replica', choices).length > 0,
    pair: choices.virtualAddress.length > 0,
    address: code(address ?? balancer?.privateAddress ?? balancer?.address ?? ''),
    lb: names('balancer'),
    web: names('web'),
    db: names('primary', 'replica'),
    last: [...serversFor('primary', choices), ...serversFor('replica', choices)].at(-1)?.name ?? '',
  });
}

const PURPOSES: Readonly<Record<ServerRole, string>> = {
  balancer: 'balancer (HAProxy)',
  web: 'web server (Nginx)',
  primary: 'database, primary',
  replica: 'database, replica',
};

const purposeOf = ({roles}: ServerChoice) => roles.map((role) => PURPOSES[role]).join('; ') || 'no role yet';

function visitorsOf({tls, virtualAddress, servers}: Choices): string {
  const place =
    virtualAddress.length > 0 ? `the virtual address ${virtualAddress.map(code).join(' and ')}` : 'the balancer';
  const [balancer] = serversFor('balancer', {servers});
  const where = virtualAddress.length > 0 || balancer === undefined ? place : `${place}, ${code(balancer.address)}`;
  return `Visitors connect to ${where}, over HTTPS; DNS must point the domain there.\n${CERTIFICATES[tls.kind]}`;
}

const CERTIFICATES = {
  authority: `The certificate is from the project's own authority, \`secrets/authority.crt\`. Browsers accept it once that
file is imported there.`,
  files:
    'The certificate is `tls/site.pem`, and its key is the secret `tls/site`. Renew both before it expires, and apply.',
  acme: 'The balancers get and renew the certificate by themselves. The domain must point to them first.',
};
