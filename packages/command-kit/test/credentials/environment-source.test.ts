import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {environmentSources} from '../../src/credentials/environment-source.js'
import {resolveCredential} from '../../src/credentials/resolve-credential.js'

const here = 'https://a.example'

async function find(env: NodeJS.ProcessEnv, registry = here) {
  const notes: string[] = []
  const query = {env, registry, home: '/nowhere', note: (text: string) => void notes.push(text)}
  const {credential} = await resolveCredential(environmentSources, query)
  return {
    value: credential?.secret.expose(),
    source: credential?.source,
    renews: credential?.renew !== undefined,
    notes,
  }
}

const used = {value: 'apkg_live', source: 'APKG_TOKEN', renews: false, notes: []}
const none = {value: undefined, source: undefined, renews: false, notes: []}

describe('APKG_TOKEN', () => {
  for (const [what, env, expected] of [
    ['is not a credential if it is not set', {}, none],
    ['is used for any registry', {APKG_TOKEN: 'apkg_live'}, used],
    ['is trimmed', {APKG_TOKEN: ' \tapkg_live\r\n'}, used],
    ['is used for the registry it is bound to', {APKG_TOKEN: 'apkg_live', APKG_TOKEN_REGISTRY: here}, used],
    [
      'is used for the registry it is bound to in another spelling',
      {APKG_TOKEN: 'apkg_live', APKG_TOKEN_REGISTRY: ' HTTPS://A.example:443/ '},
      used,
    ],
    [
      'is not used for a registry it is not bound to, and prints a note',
      {APKG_TOKEN: 'apkg_live', APKG_TOKEN_REGISTRY: 'https://b.example/v1/'},
      {
        ...none,
        notes: ['APKG_TOKEN is for https://b.example/v1 (APKG_TOKEN_REGISTRY) and is not used for https://a.example.'],
      },
    ],
    ['is not required if only APKG_TOKEN_REGISTRY is set', {APKG_TOKEN_REGISTRY: 'https://b.example'}, none],
  ] as const) {
    it(`APKG_TOKEN: ${what}`, async () => {
      assert.deepEqual(await find(env), expected)
    })
  }

  for (const [what, env, variable] of [
    ['is empty', {APKG_TOKEN: ''}, 'APKG_TOKEN'],
    ['is blank', {APKG_TOKEN: ' \n'}, 'APKG_TOKEN'],
    [
      'is blank and bound to another registry',
      {APKG_TOKEN: '', APKG_TOKEN_REGISTRY: 'https://b.example'},
      'APKG_TOKEN',
    ],
    ['is bound to a blank registry', {APKG_TOKEN: 'apkg_live', APKG_TOKEN_REGISTRY: ' '}, 'APKG_TOKEN_REGISTRY'],
  ] as const) {
    it(`APKG_TOKEN: causes an error if it ${what}`, async () => {
      await assert.rejects(find(env), {
        code: 'TOKEN_BLANK',
        exitCode: 4,
        message: `${variable} is set but blank`,
        suggestions: [
          `set ${variable} to ${variable === 'APKG_TOKEN_REGISTRY' ? 'the URL of a registry' : 'an API token'}, or unset it`,
        ],
      })
    })
  }

  it('APKG_TOKEN: causes an error if it is bound to an invalid URL', async () => {
    await assert.rejects(find({APKG_TOKEN: 'apkg_live', APKG_TOKEN_REGISTRY: 'http://b.example'}), {
      code: 'REGISTRY_INVALID',
      exitCode: 2,
      message:
        'Invalid registry URL http://b.example (from APKG_TOKEN_REGISTRY): plain http would expose credentials to the network, and is allowed only for localhost',
    })
  })
  const forHere = {APKG_TOKEN__A_EXAMPLE: ' apkg_here\n'}

  it('APKG_TOKEN__<HOST>: is used only for its registry, before APKG_TOKEN and regardless of APKG_TOKEN_REGISTRY', async () => {
    const here = {...used, value: 'apkg_here', source: 'APKG_TOKEN__A_EXAMPLE'}
    assert.deepEqual(await find(forHere), here)
    assert.deepEqual(await find({...forHere, APKG_TOKEN: ''}), here)
    assert.deepEqual(await find({...forHere, APKG_TOKEN: 'x', APKG_TOKEN_REGISTRY: 'https://b.example'}), here)
    for (const other of [
      'https://b.example',
      'https://a.example:8443',
      'https://a.example/path',
      'https://a.example.com',
    ]) {
      assert.deepEqual(await find(forHere, other), none, other)
      assert.deepEqual(await find({...forHere, APKG_TOKEN: 'apkg_live'}, other), used, other)
    }
  })

  it('APKG_TOKEN__<HOST>: causes an error if it is blank or not a token, and nothing else is used', async () => {
    const blank = {code: 'TOKEN_BLANK', exitCode: 4, message: 'APKG_TOKEN__A_EXAMPLE is set but blank'}
    await assert.rejects(find({APKG_TOKEN__A_EXAMPLE: ' ', APKG_TOKEN: 'apkg_live'}), blank)
    await assert.rejects(find({APKG_TOKEN__A_EXAMPLE: '${SECRET}', APKG_TOKEN: 'apkg_live'}), {
      code: 'TOKEN_UNSENDABLE',
      exitCode: 4,
      message: 'The token from APKG_TOKEN__A_EXAMPLE is a reference to a variable that was not expanded',
    })
  })
})
