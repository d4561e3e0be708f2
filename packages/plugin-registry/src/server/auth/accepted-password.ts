import {Refusal} from '../http/refusal.js'
import {hashPassword, passwordProblem} from './passwords.js'

/** Hashes a new password. @throws {Refusal} VALIDATION if it is too short or too long */
export async function acceptedPassword(password: string): Promise<string> {
  const problem = passwordProblem(password)
  if (problem !== undefined) throw new Refusal('VALIDATION', {details: [{field: 'password', message: problem}]})
  return hashPassword(password)
}
