import type {ChainHead} from '../blobs/blob-store.js'

export type {ChainHead}

/**
 * A problem in the chain. `added`: a row between two sealed rows isn't in the chain. `cut`: the chain ends before its
 * known head.
 */
export type ChainProblem =
  | {kind: 'changed' | 'missing'; position: number}
  | {kind: 'added'; auditId: number}
  | {kind: 'cut' | 'replaced'; head: ChainHead}
  | {kind: 'removed-before'; expected: number; found: number}

export interface ChainReport {
  sealed: number
  /** How many rows aren't sealed yet, because they are new or the registry isn't running. */
  unsealed: number
  /** How many rows are older than the chain, which doesn't cover them. */
  before: number
  problems: ChainProblem[]
}

/**
 * Seals the rows of the audit log in a chain. Each row gets an HMAC over its content and the previous row's HMAC, with
 * a key that is stored outside the database. Rows are sealed after their transaction, so that changes don't wait for
 * each other.
 */
export interface AuditChain {
  /**
   * Seals committed rows, a limited number at a time. Does nothing while another process holds the lease.
   *
   * @param holder the process that takes the lease
   * @returns how many rows were sealed
   */
  seal(holder: string, now: number): Promise<number>
  /** Releases the lease, so that another process doesn't have to wait until it expires. */
  release(holder: string): Promise<void>
  head(): Promise<ChainHead | undefined>
  /** Whether the chain contains an earlier head. */
  contains(head: ChainHead): Promise<boolean>
  /** @param head the latest known head. If it is undefined, the end of the chain can't be verified. */
  verify(head: ChainHead | undefined): Promise<ChainReport>
}
