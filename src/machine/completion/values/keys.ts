import {KeyStore} from '../../../account/keys/key-store.js'
import {registeredKeys} from '../../../account/keys/registered-key.js'
import type {Candidate} from './candidate.js'
import type {Machine, ValueSource} from './value-source.js'

/** The signing keys on this machine. */
export const localKeys: ValueSource = {
  async known(_wanted, {home}: Machine): Promise<Candidate[]> {
    const keys = await new KeyStore(home).list()
    return keys.map(({keyId, name}) => ({value: keyId, description: name}))
  },
}

/** The user's active keys at the registry. */
export const liveKeys: ValueSource = {
  asked: {
    about: () => '',
    async ask(client) {
      const keys = await registeredKeys(client)
      return keys
        .filter(({status}) => status === 'active')
        .map(({keyId, name, createdAt}) => ({value: keyId, description: `${name}, created ${createdAt.slice(0, 10)}`}))
    },
  },
}
