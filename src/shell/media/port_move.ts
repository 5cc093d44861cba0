/** A move to another port that can still be taken back: the new sockets are open, the old ones too. */
export interface PortMove {
  /** Closes the old sockets. */
  readonly commit: () => void;
  /** Closes the new sockets and goes on with the old ones. */
  readonly abort: () => void;
}
