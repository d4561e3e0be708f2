import {RefusedByServer} from '../database-errors.js'
import {asServerError, toStoreError} from './error-kinds.js'

/** Before a registry is open, other errors of the server are about its permissions or its settings. */
export function toOpeningError(error: unknown): unknown {
  const ofStore = toStoreError(error)
  return ofStore === error && asServerError(error)
    ? new RefusedByServer((error as Error).message, {cause: error})
    : ofStore
}
