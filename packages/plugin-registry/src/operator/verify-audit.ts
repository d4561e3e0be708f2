import type {ChainProblem} from '../server/store/store.js'
import type {Place} from './place.js'
import {withBlobs} from './with-blobs.js'

/** The audit log, compared with its chain. */
export interface AuditVerification {
  /** Entries in the chain. */
  sealed: number
  /** Entries that are not in the chain yet: those of the last second, and those made while the registry is not running. */
  unsealed: number
  /** Entries from before the registry had a chain. Only their number is verified. */
  before: number
  /** What differs from when it was sealed; empty if nothing does. */
  problems: AuditProblem[]
}

export interface AuditProblem {
  /**
   * `changed`: an entry differs from when it was sealed. `missing`: an entry was deleted. `added`: an entry was inserted
   * between sealed ones. `cut`: the newest entries were deleted. `replaced`: the chain is not the one that was copied.
   * `removed-before`: entries from before the chain were deleted or added.
   */
  kind: ChainProblem['kind']
  /** Place in the chain, from 1; null if it isn't in the chain. */
  position: number | null
}

/** @throws {ApkgError} `REGISTRY_*` if the directory cannot be used */
export async function verifyAudit(place: Place): Promise<AuditVerification> {
  return withBlobs(place, async (store, blobs) => {
    // Before the chain is read, since it may grow.
    const head = await blobs.readHead()
    const {problems, ...counts} = await store.auditChain.verify(head)
    return {...counts, problems: problems.map(toProblem)}
  })
}

function toProblem(problem: ChainProblem): AuditProblem {
  const {kind} = problem
  if ('position' in problem) return {kind, position: problem.position}
  return {kind, position: 'head' in problem ? problem.head.position : null}
}
