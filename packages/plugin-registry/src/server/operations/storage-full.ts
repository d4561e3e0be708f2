import {StoreFull} from '../store/store-errors.js'

/** Whether an error of the store or the file system means that the disk or the quota on it is full. */
export function isStorageFull(error: unknown): boolean {
  if (error instanceof StoreFull) return true
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}
