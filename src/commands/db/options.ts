/** The options of every `infra db` command. */
export interface DatabaseOptions {
  readonly playbook: string;
  readonly inventory?: string;
  readonly verbose?: number;
  readonly format?: 'text' | 'json';
}

/** The options of those that change something. */
export interface OperationOptions extends DatabaseOptions {
  readonly yes?: boolean;
  /** Only show the steps. */
  readonly check?: boolean;
  /** Seconds. */
  readonly lockTimeout?: number;
  readonly acceptLoss?: boolean;
}

/** The options of a seed. */
export interface SeedOptions extends OperationOptions {
  /** The server that gives the copy. */
  readonly from?: string;
  /** MB a second. */
  readonly rate?: number;
  /** Whether the tables are compared at the end. */
  readonly compare?: boolean;
}
