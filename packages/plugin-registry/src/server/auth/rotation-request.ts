import {defaultGrace, parseGrace, parseLifetime} from '@apkg/wire'
import type {RotateTokenRequest} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'
import {requestedValidity, type Validity} from '../store/renewed-lifetime.js'
import {lifetimeProblem} from './token-request.js'

/** @throws {Refusal} VALIDATION, with each invalid field */
export function readRotationRequest(
  {grace = defaultGrace, expiresIn}: RotateTokenRequest,
  now: Date,
): {grace: number; validity: Validity | undefined} {
  const milliseconds = parseGrace(grace)
  if (milliseconds === undefined) throw invalid('grace', 'must be at most 7 days')
  if (expiresIn === undefined) return {grace: milliseconds, validity: undefined}
  const lifetime = parseLifetime(expiresIn)
  const problem = lifetimeProblem(lifetime, now)
  if (problem !== undefined || !lifetime) throw invalid('expiresIn', problem ?? 'is not a valid lifetime')
  return {grace: milliseconds, validity: requestedValidity(lifetime, now.getTime())}
}

function invalid(field: string, message: string): Refusal {
  return new Refusal('VALIDATION', {details: [{field, message}]})
}
