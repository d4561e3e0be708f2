import {actorOf, type Client} from '../auth/actor.js'
import {Refusal} from '../http/refusal.js'
import {OperatorEnded, OperatorProtected} from '../store/store-errors.js'
import type {Actor, OperatorStore, RegistryStore, SessionCredential, User} from '../store/store.js'

/** A request of an operator. */
export interface OperatorCall {
  credential: SessionCredential
  client: Client
  now: Date
}

/**
 * Makes changes for an operator, whom the audit log names.
 *
 * @param target a user who must not be an operator
 * @throws {Refusal} CREDENTIAL_REVOKED if the session ended, OPERATOR_REQUIRED if the role was revoked in the meantime;
 *   OPERATOR_PROTECTED if the target is an operator; those of `work`
 */
export async function asOperator<Result>(
  {credential, client, now}: OperatorCall,
  store: RegistryStore,
  work: (stores: OperatorStore, by: Actor, now: number) => Promise<Result>,
  target?: string,
): Promise<Result> {
  const time = now.getTime()
  try {
    return await work(store.asOperator({id: credential.id, now: time, target}), actorOf(credential, client), time)
  } catch (error) {
    if (error instanceof OperatorProtected) throw new Refusal('OPERATOR_PROTECTED')
    if (!(error instanceof OperatorEnded)) throw error
    throw new Refusal('CREDENTIAL_REVOKED', {message: 'The session or the operator role ended during the request'})
  }
}

/** @throws {Refusal} USER_UNKNOWN */
export async function findUser({users}: Pick<RegistryStore, 'users'>, name: string): Promise<User> {
  const user = await users.find(name)
  if (!user) throw new Refusal('USER_UNKNOWN', {message: `The user ${name} does not exist`})
  return user
}
