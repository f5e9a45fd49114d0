/** What a host says of itself, read once at the start of a run. */
export interface Facts {
  /** As `hostname` prints it. */
  readonly hostname: string;
  /** `debian` or `ubuntu`, from os-release. */
  readonly os: string;
  /** `bookworm`, `trixie`, `sid`, `noble` … */
  readonly codename: string;
  /** `12`, `13`, `24.04`; empty where the suite has none (sid). */
  readonly version: string;
  /** Debian's name: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Processors that it may use. */
  readonly cpus: number;
  /** Bytes of memory in all. */
  readonly memory: number;
  /** Global addresses, IPv4 and IPv6, without prefix length. */
  readonly addresses: readonly string[];
  /** The same addresses with the interface that carries each; empty where the program `ip` is missing. */
  readonly interfaces: readonly InterfaceAddress[];
  /** Where this run's SSH connection comes from, as the host sees it; empty when it does not say. */
  readonly client: string;
}

/** `eth0` carries `192.0.2.10`, in a network of this many leading bits. */
export interface InterfaceAddress {
  readonly name: string;
  readonly address: string;
  readonly prefix: number;
}
