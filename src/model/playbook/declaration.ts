import type {Secret} from '../../shell/index.js';

/**
 * What a role says of the service that it sets up, for commands that operate it. It is listed among the role's tasks and
 * changes nothing. Each kind has its members.
 */
export type Declaration =
  | DatabaseServerDeclaration
  | DatabaseAccountDeclaration
  | DatabaseBalancerDeclaration
  | DatabaseFailoverDeclaration;

/** A database server on the host that the role is for. */
export interface DatabaseServerDeclaration {
  readonly declares: 'database-server';
  readonly family: 'mariadb' | 'mysql';
  readonly port: number;
  /** The file with the certificate of the authority that servers verify each other by; undefined: without TLS. */
  readonly authority?: string | undefined;
  /** Replicas whose acknowledgement a write waits for; 0: none, replication is asynchronous. */
  readonly acks: number;
  /** What happens when too few replicas are left to acknowledge. */
  readonly onReplicaLoss?: 'stop' | 'degrade' | undefined;
  /** Names of the inventory's groups. */
  readonly primary: string;
  readonly replicas: string;
}

/** The account by which the servers replicate from each other. */
export interface DatabaseAccountDeclaration {
  readonly declares: 'database-replication';
  readonly user: string;
  readonly password: Secret;
}

/** A balancer in front of the database. */
export interface DatabaseBalancerDeclaration {
  readonly declares: 'database-balancer';
  /** The port that leads to the primary. */
  readonly write: number;
}

/** A service that fails over by itself. */
export interface DatabaseFailoverDeclaration {
  readonly declares: 'database-failover';
  readonly unit: string;
  /** The file with the record of the last failover, and that with what the service sees while it runs. */
  readonly record: string;
  readonly status: string;
}
