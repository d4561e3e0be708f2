import type {Actor} from './actor.js'
import type {RegistryPolicy} from './policy.js'

export interface PolicyStore {
  read(): Promise<RegistryPolicy>
  /**
   * Changes some settings. Existing tokens keep their lifetime.
   *
   * @returns `default-too-long` if the default lifetime would be longer than the maximum. Nothing is changed then.
   */
  set(change: Partial<RegistryPolicy>, by: Actor, now: number): Promise<'set' | 'default-too-long'>
}
