import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertWellFormed, resolveCredential, shadowedSources} from '../../src/credentials/resolve-credential.js'
import {Secret} from '../../src/credentials/secret.js'
import type {CredentialQuery, CredentialSource} from '../../src/credentials/source.js'
import {formatTokenValue} from '@apkg/wire'

const query: CredentialQuery = {registry: 'https://a.example', env: {}, home: '/nowhere', note: () => undefined}

/** A source that records its name in `asked` when it is asked. */
function source(name: string, answer: string | Error | undefined, asked: string[] = []): CredentialSource {
  return {
    name,
    find() {
      asked.push(name)
      if (answer instanceof Error) return Promise.reject(answer)
      return Promise.resolve(answer === undefined ? undefined : {secret: new Secret(answer), source: name})
    },
  }
}

describe('resolveCredential', () => {
  it('resolveCredential: returns the credential of the first source that has one, without asking the rest', async () => {
    const asked: string[] = []
    const sources = [source('one', undefined, asked), source('two', 'second', asked), source('three', 'third', asked)]
    const {credential, rest} = await resolveCredential(sources, query)
    assert.equal(credential?.secret.expose(), 'second')
    assert.equal(credential?.source, 'two')
    assert.deepEqual(asked, ['one', 'two'])
    assert.deepEqual(
      rest.map(({name}) => name),
      ['three'],
    )
  })

  it('resolveCredential: returns undefined if no source has one', async () => {
    const asked: string[] = []
    const sources = [source('one', undefined, asked), source('two', undefined, asked)]
    assert.deepEqual(await resolveCredential(sources, query), {credential: undefined, rest: []})
    assert.deepEqual(asked, ['one', 'two'])
  })

  it('resolveCredential: leaves a source that has to request a credential, and the rest, if it is optional', async () => {
    const asked: string[] = []
    const sources = [
      source('one', undefined, asked),
      {...source('two', 'second', asked), isAvailable: () => false},
      {...source('three', 'third', asked), isAvailable: () => true},
      source('four', 'fourth', asked),
    ]
    const withoutSecond = sources.filter(({name}) => name !== 'two')
    const {credential, rest} = await resolveCredential(withoutSecond, query, {isOptional: true})
    assert.equal(credential, undefined)
    assert.deepEqual(
      rest.map(({name}) => name),
      ['three', 'four'],
    )
    assert.deepEqual(asked, ['one'])
    assert.equal((await resolveCredential(sources, query, {isOptional: true})).credential?.source, 'two')
    assert.equal((await resolveCredential(withoutSecond, query)).credential?.source, 'three')
  })

  it('resolveCredential: stops if a source fails', async () => {
    const asked: string[] = []
    const error = new Error('locked')
    const sources = [source('one', error, asked), source('two', 'second', asked)]
    await assert.rejects(resolveCredential(sources, query), (thrown) => thrown === error)
    assert.deepEqual(asked, ['one'])
  })

  it('resolveCredential: stops if a credential is malformed', async () => {
    const asked: string[] = []
    const sources = [source('one', 'in\npieces', asked), source('two', 'second', asked)]
    await assert.rejects(resolveCredential(sources, query), {code: 'TOKEN_UNSENDABLE'})
    assert.deepEqual(asked, ['one'])
  })
})

describe('assertWellFormed', () => {
  const token = formatTokenValue('token', 'a'.repeat(32))
  const session = formatTokenValue('session', 'Z9'.repeat(16))
  const check = (value: string) => {
    assertWellFormed({secret: new Secret(value), source: 'APKG_TOKEN'})
  }

  for (const value of [token, session, 'apkg_abc123', 'opaque', 'eyJhbGciOi.eyJzdWIi.c2ln', '!#$%~', 'apkgt-x']) {
    it(`assertWellFormed: accepts ${value}`, () => {
      check(value)
    })
  }

  for (const [what, value] of [
    ['a truncated token', token.slice(0, -1)],
    ['a token that was pasted twice', token + token],
    ['a token with a wrong character', `${token.slice(0, 10)}b${token.slice(11)}`],
    ['a token with the prefix of a session', token.replace('apkgt_', 'apkgs_')],
    ['a prefix', 'apkgr_'],
  ] as const) {
    it(`assertWellFormed: rejects ${what} without revealing it`, () => {
      assert.throws(
        () => check(value),
        (error: Error) => {
          assert.deepEqual(JSON.parse(JSON.stringify(error)), {
            code: 'TOKEN_DAMAGED',
            message: `The token from APKG_TOKEN is malformed (checksum mismatch). Was it truncated?`,
            suggestions: ['copy the token again, or create a new one with `apkg token create`'],
          })
          assert.equal((error as Error & {exitCode: number}).exitCode, 4)
          return true
        },
      )
    })
  }

  for (const [what, value] of [
    ['a space', 's3cret s3cret'],
    ['a tab', 's3cret\ts3cret'],
    ['NUL', 's3cret\0'],
    ['an escape sequence', '\u001B[31ms3cret'],
    ['a letter beyond ASCII', 's3crét'],
    ['a no-break space', 's3cret\u00A0'],
    ['no characters', ''],
  ] as const) {
    it(`assertWellFormed: rejects a token with ${what} without revealing it`, () => {
      assert.throws(
        () => check(value),
        (error: Error) => {
          assert.deepEqual(JSON.parse(JSON.stringify(error)), {
            code: 'TOKEN_UNSENDABLE',
            message: 'The token from APKG_TOKEN contains whitespace or other invalid characters',
            suggestions: ['copy the token again, or create a new one with `apkg token create`'],
          })
          assert.equal((error as Error & {exitCode: number}).exitCode, 4)
          return true
        },
      )
    })
  }
})

describe('shadowedSources', () => {
  it('shadowedSources: returns the sources that have a credential', async () => {
    const sources = [source('two', undefined), source('three', 'c'), source('four', 'd')]
    assert.deepEqual(await shadowedSources(sources, query), [{source: 'three'}, {source: 'four'}])
  })

  it('shadowedSources: includes sources that cannot be read, with the problem', async () => {
    const sources = [source('two', new Error('the file is damaged'))]
    assert.deepEqual(await shadowedSources(sources, query), [{source: 'two', problem: 'the file is damaged'}])
  })

  it('shadowedSources: lists a source that could request a credential', async () => {
    const sources = [{...source('two', undefined), isAvailable: () => true}]
    assert.deepEqual(await shadowedSources(sources, query), [{source: 'two'}])
  })
})
