import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import type {CredentialRequests} from '../../src/credentials/source.js'
import {idTokenSource} from '../../src/trusted-publishing/id-token-sources.js'

const registry = 'https://registry.example.com'

function idToken(claims: object): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
  return `${part({alg: 'RS256'})}.${part(claims)}.c2lnbmF0dXJl`
}

/** The requests of a runner that answers with `response`. */
function runner(response: unknown) {
  const urls: string[] = []
  const requests: CredentialRequests = {
    now: () => new Date(),
    requestIdToken({url}) {
      urls.push(url.href)
      return Promise.resolve(response)
    },
    exchangeIdToken: () => Promise.reject(new Error('not expected')),
  }
  return {urls, requests}
}

function find(env: NodeJS.ProcessEnv, response?: unknown) {
  const notes: string[] = []
  const {urls, requests} = runner(response)
  const found = idTokenSource({env, registry, note: (text) => notes.push(text)}, requests)
  return {found, notes, urls}
}

const github = {
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://actions.example.com/token?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
}

describe('idTokenSource', () => {
  it('idTokenSource: APKG_ID_TOKEN is used for the registry that is its only audience', async () => {
    for (const aud of [registry, [registry]]) {
      const value = idToken({aud})
      const {found, notes} = find({APKG_ID_TOKEN: value})
      assert.equal((await found?.request())?.expose(), value)
      assert.deepEqual(notes, [])
    }
  })

  for (const [what, aud] of [
    ['another registry', 'https://other.example.com'],
    ['a URL that starts with the URL of the registry', 'https://registry.example.com.evil.example'],
    ['a trailing slash', 'https://registry.example.com/'],
    ['a second audience', [registry, 'https://other.example.com']],
    ['no audience', undefined],
    ['an object', {registry}],
  ] as const) {
    it(`idTokenSource: APKG_ID_TOKEN with ${what} as its audience is ignored, and a note says why`, () => {
      const {found, notes} = find({APKG_ID_TOKEN: idToken({aud})})
      assert.equal(found, undefined)
      assert.equal(notes.length, 1)
      assert.match(notes[0] ?? '', /^APKG_ID_TOKEN .* is not used for https:\/\/registry\.example\.com\.$/)
    })
  }

  for (const [what, value] of [
    ['blank', ' '],
    ['not a token', 'secret'],
    ['without claims', 'e30.bm90IGpzb24.eA'],
    ['too long', `${'a'.repeat(20_000)}.e30.x`],
  ] as const) {
    it(`idTokenSource: an APKG_ID_TOKEN that is ${what} causes an error without its value`, () => {
      assert.throws(
        () => find({APKG_ID_TOKEN: value}),
        (error: Error & {code?: string}) =>
          error.code === 'ID_TOKEN_UNUSABLE' && (value.trim() === '' || !error.message.includes(value)),
      )
    })
  }

  it('idTokenSource: requests an ID token from GitHub with the registry as its only audience', async () => {
    const value = idToken({aud: registry})
    const {found, urls} = find(github, {value})
    assert.equal((await found?.request())?.expose(), value)
    assert.deepEqual(urls, [
      `https://actions.example.com/token?api-version=2.0&audience=${encodeURIComponent(registry)}`,
    ])
  })

  it('idTokenSource: an audience in the URL of the runner is replaced', async () => {
    const url = `${github.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=https://other.example.com`
    const {found, urls} = find({...github, ACTIONS_ID_TOKEN_REQUEST_URL: url}, {value: idToken({aud: registry})})
    await found?.request()
    assert.deepEqual(new URL(urls[0] ?? '').searchParams.getAll('audience'), [registry])
  })

  it('idTokenSource: an ID token that GitHub issues for another audience is refused', async () => {
    const {found} = find(github, {value: idToken({aud: 'https://other.example.com'})})
    await assert.rejects(async () => found?.request(), {code: 'ID_TOKEN_UNUSABLE'})
  })

  for (const response of [undefined, 'text', {}, {value: 1}, {value: 'not a token'}, [idToken({aud: registry})]]) {
    it(`idTokenSource: ${JSON.stringify(response)?.slice(0, 30)} instead of an ID token is refused`, async () => {
      const {found} = find(github, response)
      await assert.rejects(async () => found?.request(), {code: 'ID_TOKEN_UNAVAILABLE'})
    })
  }

  for (const url of ['http://actions.example.com/token', 'https://user@actions.example.com/', 'file:///etc', 'x']) {
    it(`idTokenSource: ${url} is not a URL to request ID tokens from`, () => {
      assert.throws(() => find({...github, ACTIONS_ID_TOKEN_REQUEST_URL: url}), {code: 'ID_TOKEN_UNUSABLE'})
    })
  }

  it('idTokenSource: GitHub is used if APKG_ID_TOKEN is for another registry', () => {
    const {found} = find({...github, APKG_ID_TOKEN: idToken({aud: 'https://other.example.com'})})
    assert.equal(found?.name, 'GitHub Actions')
  })

  it('idTokenSource: ignores GitHub if one of its two variables is missing', () => {
    const {ACTIONS_ID_TOKEN_REQUEST_URL} = github
    assert.equal(find({ACTIONS_ID_TOKEN_REQUEST_URL}).found, undefined)
  })
})
