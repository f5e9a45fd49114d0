/** A unit as wished. */
export interface ServiceSpec {
  /** `nginx`, `nginx.service`, `fstrim.timer`, `getty@tty1`. A name without a known ending is a service. */
  readonly name: string;
  /** Started at boot. Default true; `any` leaves it as it is. */
  readonly enabled?: boolean | 'any';
  /** Default true; `any` leaves it as it is. */
  readonly running?: boolean | 'any';
  /**
   * TCP ports that it is to listen on. While it does not run and another program has one of them on all addresses, the
   * plan says who, and nothing is changed on the host. Default none.
   */
  readonly ports?: readonly number[];
}

/** A unit on the host. */
export interface ServiceState {
  readonly enabled: boolean;
  /** `failed`, `activating` and the like where it is neither plainly on nor off. */
  readonly running: boolean | string;
  readonly masked: boolean;
  /** The unit itself where the name is an alias, as `sshd` is one of `ssh.service`. */
  readonly unit: string;
  /** systemd holds an older definition than the one on disk. */
  readonly outdated: boolean;
  readonly enablement: string;
}
