import type {ChainHead} from '../blobs/blob-store.js'

export type {ChainHead}

/** `added`: a row between two sealed rows that is not in the chain. `cut`: the chain ends before its known head. */
export type ChainProblem =
  | {kind: 'changed' | 'missing'; position: number}
  | {kind: 'added'; auditId: number}
  | {kind: 'cut' | 'replaced'; head: ChainHead}
  | {kind: 'removed-before'; expected: number; found: number}

export interface ChainReport {
  sealed: number
  /** Rows that were written in the last moment, or since the registry was last served. */
  unsealed: number
  /** Rows from before the chain began, which it doesn't cover. */
  before: number
  problems: ChainProblem[]
}

/**
 * The rows of the audit log in one chain: each has a code under a key outside the database, which includes the code of the
 * row before. Rows are sealed after their transaction, so that changes don't wait for each other.
 */
export interface AuditChain {
  /**
   * Seals committed rows, a limited number at a time.
   *
   * @param holder of the lease. While another one holds it, nothing is sealed.
   * @returns how many rows were sealed
   */
  seal(holder: string, now: number): Promise<number>
  /** Gives the lease back, so that another process doesn't have to wait for its end. */
  release(holder: string): Promise<void>
  head(): Promise<ChainHead | undefined>
  /** Whether the chain contains what was once its head. */
  contains(head: ChainHead): Promise<boolean>
  /** @param head the last known one. Undefined: the end of the chain can't be verified. */
  verify(head: ChainHead | undefined): Promise<ChainReport>
}
