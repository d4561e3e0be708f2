import {Refusal} from '../http/refusal.js'

/** @param state such as `suspended`. It is the code of the detail, too, so that clients can suggest the next step. */
export function tokenNotActive(label: string, state: string): Refusal {
  return new Refusal('TOKEN_NOT_ACTIVE', {
    message: `The token "${label}" is ${state}`,
    details: [{code: state, message: state}],
  })
}
