/** What the remote loop is reached by: an SSH channel or, in tests, a process of this machine. */
export interface Channel {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
  on(event: 'exit', listener: (code: number | null) => void): unknown;
  readonly stderr: {on(event: 'data', listener: (chunk: Buffer) => void): unknown};
  readonly writable: boolean;
  /** `taken` is called when the channel has passed the bytes on. */
  write(bytes: Buffer, taken?: () => void): unknown;
  end(): unknown;
  close(): unknown;
}
