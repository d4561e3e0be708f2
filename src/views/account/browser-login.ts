import {printable} from '@apkg/command-kit'

import type {LoginTicket} from '../../account/session/browser/login-ticket.js'

/** Where to approve a requested login, and how to check it. */
export function ticketNote({verificationUri, userCode, ticket}: LoginTicket): string {
  const page = `Open ${printable(verificationUri)} in any browser and enter the code ${printable(userCode)}`
  return `${page}\nThen run \`apkg login --check ${ticket}\``
}
