import {installResult, type InstallResult} from './install-result.js'
import type {Update, UpdateReport} from './update-packages.js'

/** What an update did, or would do, as `--json` shows it. */
export interface UpdateResult extends Partial<Omit<InstallResult, 'registry' | 'added'>> {
  registry: string
  dryRun: boolean
  updates: Update[]
}

export function updateResult({registry, updates, installation}: UpdateReport): UpdateResult {
  return {registry, dryRun: !installation, updates, ...(installation && installResult(installation))}
}
