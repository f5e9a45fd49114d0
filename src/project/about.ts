/** What a project is told beside the choices. */
export interface ProjectAbout {
  /** Of the project: its directory's name. Any text. */
  readonly name: string;
  /** How npm finds infra: `file:/opt/infra`, or a version. */
  readonly infra: string;
  /** Version of the compiler that infra has itself. */
  readonly typescript: string;
  /** Text of the JSON schema of inventories. */
  readonly schema: string;
  /** With `tls: {kind: 'files'}`: the PEM text of the certificate. Left out, `tls/site.pem` stays as it is. */
  readonly certificate?: string | undefined;
}
