import {Refusal} from '../http/refusal.js'

/** @param limit the longest lifetime that the registry allows, such as `90d` */
export function lifetimeTooLong(limit: string): Refusal {
  const rule = `must be at most ${limit}`
  return new Refusal('LIFETIME_TOO_LONG', {
    message: `The lifetime of a token on this registry ${rule}`,
    details: [{field: 'expiresIn', message: rule}],
  })
}
