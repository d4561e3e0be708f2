import type {CredentialSource} from './source.js'

/** How much a command has to do with credentials; declared as `static auth`. */
export type AuthPolicy = 'required' | 'optional' | 'none'

/**
 * A registered symbol, because the hook that selects and the command that asks may hold different copies of this
 * module; on the command's class, because the hook's oclif config is not the command's.
 */
const key = Symbol.for('apkg.credential-sources')

/** Records which sources a command may ask, in this order. */
export function selectSources(command: object, sources: readonly CredentialSource[]): void {
  Object.defineProperty(command, key, {value: sources, configurable: true})
}

/** The sources that were selected for a command; undefined when nothing was, which means refuse and not "anonymous". */
export function selectedSources(command: object): readonly CredentialSource[] | undefined {
  return (command as {[key]?: readonly CredentialSource[]})[key]
}
