import type {RegistryStore} from './store.js'

/** The session of an operator who makes a change. */
export interface OperatorSession {
  /** The ID of the session. */
  id: string
  now: number
  /** A user whom the change is about, and who must not be an operator. */
  target?: string | undefined
}

/** The stores that operators can change through the API. */
export type OperatorStore = Pick<RegistryStore, 'users' | 'organizations' | 'departures' | 'invitations'>
