import {type Rule, run, statement, type Step} from '../port.js'
import {tables} from './tables.js'

/**
 * Takes a lease that is free or expired. If a lease ends later than a new one would, it was made with a wrong clock.
 */
const take = statement(`
  INSERT INTO leases (name, holder, expires_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET holder = ?2, expires_at = ?3
  WHERE leases.holder = ?2 OR leases.expires_at <= ?4 OR leases.expires_at > ?3`)

/** Work that only one process does at a time. */
export interface Lease {
  name: string
  /** How long a lease lasts if its process stops without releasing it, in milliseconds. */
  duration: number
}

/** Takes or extends a lease. @returns false while another process holds it */
export function* takeLease({name, duration}: Lease, holder: string, now: number): Rule<boolean> {
  return (yield* run(take(name, holder, now + duration, now))) > 0
}

/** Releases a lease, so that another process doesn't have to wait until it expires. */
export function releaseLease({name}: Lease, holder: string): Step<number> {
  return run(tables.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder))
}
