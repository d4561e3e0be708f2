/** Who makes a change, as recorded in the audit log. */
export interface Actor {
  /** A username. Null if the given name does not belong to a user. */
  name: string | null
  credentialId: string | null
  address: string | null
  agent: string | null
}

/** Anyone with access to the data directory. No user can have a name with parentheses. */
export const operator: Actor = {name: '(operator)', credentialId: null, address: null, agent: null}
