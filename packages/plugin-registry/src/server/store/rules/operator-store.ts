import type {OperatorSession, OperatorStore} from '../operator-store.js'
import {first, type Port, type Rule, statement, type Step, together} from '../port.js'
import type {SecretBox} from '../secret-box.js'
import {OperatorEnded, OperatorProtected} from '../store-errors.js'
import {createDepartures} from './departures.js'
import {createInvitations} from './invitations.js'
import {createOrganizationStore} from './organizations.js'
import {tables} from './tables.js'
import {createUserStore} from './users.js'

const findOperator = statement<{id: string}>(`
  SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND u.disabled_at IS NULL AND u.removed_at IS NULL
    AND u.operator_since IS NOT NULL`)

/** The stores whose changes an operator can make through the API, by the same rules as the commands. */
export function createOperatorStore(port: Port, box: SecretBox, session: OperatorSession): OperatorStore {
  const guarded = guardedPort(port, session)
  return {
    users: createUserStore(guarded, box),
    organizations: createOrganizationStore(guarded),
    departures: createDepartures(guarded),
    invitations: createInvitations(guarded),
  }
}

/** A port whose transactions begin with the check that the operator can make the change. */
function guardedPort(port: Port, session: OperatorSession): Port {
  return {
    ask: port.ask.bind(port),
    read: port.read.bind(port),
    write: (rule, options) =>
      port.write(function* () {
        yield* assertOperator(session)
        return yield* rule()
      }, options),
    close: port.close.bind(port),
  }
}

function* assertOperator({id, now, target}: OperatorSession): Rule<void> {
  const [operator, other] = yield* together([first(findOperator(id, now)), findTarget(target)])
  if (!operator) throw new OperatorEnded()
  if (other && other.operator_since !== null) throw new OperatorProtected()
}

function findTarget(id = ''): Step<{operator_since: number | null} | undefined> {
  return first(tables.selectFrom('users').select('operator_since').where('id', '=', id))
}
