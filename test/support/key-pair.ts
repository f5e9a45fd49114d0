import ssh2 from 'ssh2';

/** A pair of SSH keys in OpenSSH's format. Now and then ssh2 makes one that it cannot read itself. */
export function keyPair(): {readonly private: string; readonly public: string} {
  for (;;) {
    const keys = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(keys.private) instanceof Error)) return keys;
  }
}
