import type {CredentialSource} from './source.js'

/** Whether a command uses a credential. Declare it as `static auth`. */
export type AuthPolicy = 'required' | 'optional' | 'none'

/**
 * A registered symbol, because the hook and the command can have different copies of this module. The sources are stored
 * on the command's class, because the hook and the command have different oclif configs.
 */
const key = Symbol.for('apkg.credential-sources')

/** Sets the sources that a command can use, in order of precedence. */
export function selectSources(command: object, sources: readonly CredentialSource[]): void {
  Object.defineProperty(command, key, {value: sources, configurable: true})
}

/** Returns the sources that were selected for a command. Undefined means that the command must fail, not that it is anonymous. */
export function selectedSources(command: object): readonly CredentialSource[] | undefined {
  return (command as {[key]?: readonly CredentialSource[]})[key]
}
