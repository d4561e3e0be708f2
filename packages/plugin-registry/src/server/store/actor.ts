/** Who makes a change, as recorded in the audit log. */
export interface Actor {
  /** Username. Null if no user has the given name. */
  name: string | null
  credentialId: string | null
  address: string | null
  agent: string | null
}

/** The registry itself. Usernames can't contain parentheses. */
export const registryItself: Actor = {name: '(registry)', credentialId: null, address: null, agent: null}

/** Usernames can't contain parentheses. */
export const operatorName = '(operator)'

/** Anyone with access to the data directory. */
export const operator: Actor = {name: operatorName, credentialId: null, address: null, agent: null}
