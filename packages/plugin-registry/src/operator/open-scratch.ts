import {tmpdir} from 'node:os'

import {claimScratch, type ScratchFolder} from '../server/operations/scratch-folder.js'
import {failure} from './failures.js'
import {systemReason} from './system-reason.js'

/**
 * Creates the directory for the uploads in progress of this process.
 *
 * @param parent `--scratch`. By default, the directory of temporary files.
 * @throws {ApkgError} `REGISTRY_SCRATCH_UNUSABLE`
 */
export async function openScratch(parent = tmpdir()): Promise<ScratchFolder> {
  return claimScratch(parent).catch((error: unknown) => {
    throw failure('REGISTRY_SCRATCH_UNUSABLE', {
      folder: parent,
      reason: systemReason(error) ?? (error as Error).message,
    })
  })
}
