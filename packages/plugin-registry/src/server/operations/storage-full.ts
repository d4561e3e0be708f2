import {StoreFull} from '../store/store-errors.js'

/** Whether an error of the store or the file system means that the disk is full or its quota is used up. */
export function isStorageFull(error: unknown): boolean {
  if (error instanceof StoreFull) return true
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}
