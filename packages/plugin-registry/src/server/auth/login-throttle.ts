import {networkOf} from '../http/client-address.js'
import {retryAfter} from '../http/refusal.js'
import {type FailureKey, type LoginDelay, nextAttemptAt} from '../store/login-delay.js'
import type {LoginStore} from '../store/store.js'
import type {Client} from './actor.js'
import {hashSecret} from './credential-values.js'

export interface LoginDelays {
  /** For wrong passwords for an account from one network. */
  accountAndAddress: LoginDelay
  /** For wrong passwords for an account from anywhere. Generous, so that others can't lock the owner out. */
  account: LoginDelay
  /** For wrong MFA codes for an account from anywhere. To get this far, a client must know the password. */
  code: LoginDelay
  /** For failed logins from one network, to any account. */
  address: LoginDelay
}

/** Delays logins after failures, by account and by the client's network. */
export class LoginThrottle {
  constructor(
    private readonly logins: LoginStore,
    private readonly delays: LoginDelays,
  ) {}

  /** The keys to count a wrong password under, strictest first. */
  passwordKeys(username: string, client: Client): FailureKey[] {
    return [
      {key: accountAndAddressKey(username, client), delay: this.delays.accountAndAddress},
      {key: accountKey(username), delay: this.delays.account},
      this.addressKey(client),
    ]
  }

  addressKey({address}: Client): FailureKey {
    return {key: `address:${networkOf(address)}`, delay: this.delays.address}
  }

  /**
   * The keys that a login clears. The address keeps its count. Otherwise, a valid account could reset it between
   * guesses.
   */
  clearedKeys(username: string, client: Client): string[] {
    return [accountAndAddressKey(username, client), accountKey(username)]
  }

  /** @throws {Refusal} TOO_MANY_ATTEMPTS while any of the keys is delayed */
  async assertAllowed(keys: readonly FailureKey[], now: number): Promise<void> {
    for (const {key, delay} of keys) {
      const until = nextAttemptAt(await this.logins.failures(key), delay)
      if (until > now) throw retryAfter(until - now, 'TOO_MANY_ATTEMPTS')
    }
  }
}

function accountAndAddressKey(username: string, {address}: Client): string {
  return `${accountKey(username)}@${networkOf(address)}`
}

/** Hashes the name, because users sometimes type their password into the wrong field. */
function accountKey(username: string): string {
  return `account:${Buffer.from(hashSecret(username)).toString('hex')}`
}
