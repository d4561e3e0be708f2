import type {ConnectionOptions} from './sessions.js'

export interface PostgresOptions extends ConnectionOptions {
  /** The version of the registry. */
  version: string
  /** The registry's secret key, which the database must belong to. */
  key: Uint8Array
}
