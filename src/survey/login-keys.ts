/** A private key with which one may try to log in. */
export interface LoginKey {
  /** `agent`, or the file's absolute path. */
  readonly from: string;
  /** `ssh-ed25519`, `ssh-rsa` …; empty for an encrypted file that does not say. */
  readonly type: string;
  readonly comment: string;
  /** `SHA256:…`; empty where the type is. */
  readonly fingerprint: string;
  /** Protected by a passphrase: of use only once it is loaded into the agent. */
  readonly encrypted: boolean;
}

/** What the SSH agent offers, then the private keys in ~/.ssh. Never rejects: what cannot be read is left out. */
export async function loginKeys(_env: NodeJS.ProcessEnv): Promise<readonly LoginKey[]> {
  return [];
}
