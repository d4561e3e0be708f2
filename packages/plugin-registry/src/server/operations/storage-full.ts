import {isDatabaseFull} from './sqlite/error-kinds.js'

/** Whether something failed because the disk, or the share of it that we may use, is full. */
export function isFull(error: unknown): boolean {
  return (
    isDatabaseFull(error) || ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
  )
}
