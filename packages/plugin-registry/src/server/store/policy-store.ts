import type {Actor} from './actor.js'
import type {RegistryPolicy} from './policy.js'

export interface PolicyStore {
  read(): Promise<RegistryPolicy>
  /**
   * Changes some settings. Tokens that exist keep their lifetime.
   *
   * @returns `default-too-long`: the default lifetime would be longer than the longest one, so nothing was changed.
   */
  set(change: Partial<RegistryPolicy>, by: Actor, now: number): Promise<'set' | 'default-too-long'>
}
