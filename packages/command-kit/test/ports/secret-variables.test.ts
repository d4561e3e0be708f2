import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {withoutSecrets} from '../../src/ports/secret-variables.js'

describe('withoutSecrets', () => {
  it('withoutSecrets: removes every variable that supplies a token or a passphrase, in any case', () => {
    const secrets = {
      APKG_TOKEN: 'a',
      APKG_TOKEN_FILE: 'b',
      APKG_TOKEN__R_EXAMPLE_COM_8443: 'c',
      apkg_token__r_example_com: 'd',
      APKG_KEY_PASSPHRASE: 'e',
      APKG_ID_TOKEN: 'f',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'g',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'h',
    }
    const others = {PATH: '/bin', APKG_REGISTRY: 'https://r.example.com', TOKEN: 'f'}
    assert.deepEqual(withoutSecrets({...secrets, ...others}), others)
  })
})
