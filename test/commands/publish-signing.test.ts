import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {authorStatement, isSignedBy, parsePublicKey} from '@apkg/package-format/signing'

import Install from '../../src/commands/install.js'
import KeyGenerate from '../../src/commands/key/generate.js'
import KeyRegister from '../../src/commands/key/register.js'
import KeyRotate from '../../src/commands/key/rotate.js'
import Publish from '../../src/commands/publish.js'
import TokenCreate from '../../src/commands/token/create.js'
import Verify from '../../src/commands/verify.js'
import {packProject} from '../../src/publish/packing/pack-project.js'
import {readProject} from '../../src/project/read-project.js'
import {startSession} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'
import {startProject} from '../support/project.js'

const builder = 'https://builder.example.com'

/** Logged in as ada, in the folder of a package. */
async function start(t: TestContext) {
  const session = await startSession(t)
  const manifest = {name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A skill'}
  const cwd = await makeTree(t, {'apkg.json': JSON.stringify(manifest), 'SKILL.md': '# A skill\n'})
  const run: typeof session.run = (command, argv, world) => session.run(command, argv, {cwd, ...world})
  return {...session, run, cwd}
}

type World = Awaited<ReturnType<typeof start>>

async function makeKey({run}: World, {name = 'laptop', env = {}, isRegistered = true} = {}): Promise<string> {
  const keyId = (await run(KeyGenerate, ['--name', name], {env})).stdout.trim()
  if (isRegistered) assert.equal((await run(KeyRegister, ['--key-id', keyId])).exitCode, 0)
  return keyId
}

async function publishedBy({registry}: World) {
  const response = await fetch(`${registry.url}/packages/${encodeURIComponent('@ada/tool')}`)
  if (response.status === 404) return undefined
  const {versions, signers = []} = await response.json()
  const {attestations, integrity} = versions['1.0.0'].dist
  return {author: attestations.find(({kind}: any) => kind === 'author'), integrity, signers}
}

/** The failure of a publication. */
async function refusal({run}: World, argv: string[], env: NodeJS.ProcessEnv = {}) {
  const {stdout, exitCode} = await run(Publish, [...argv, '--json'], {env})
  const {code, message, suggestions} = JSON.parse(stdout).error as {
    code: string
    message: string
    suggestions: string[]
  }
  return {code, message, suggestions, exitCode}
}

describe('publish with a signature', () => {
  it('publish: signs name, version and content for the registry with the registered key', async (t) => {
    const world = await start(t)
    const keyId = await makeKey(world)
    const {stdout, stderr, exitCode} = await world.run(Publish, [])
    assert.ok(stdout.endsWith(`\nSigner: ${keyId}\n`), stdout)
    assert.equal(stderr, `Publishing @ada/tool@1.0.0 to ${world.registry.url} ...\nPublished @ada/tool@1.0.0\n`)
    assert.equal(exitCode, 0)
    const {author, integrity, signers} = (await publishedBy(world))!
    assert.equal(author.keyId, keyId)
    const signed = {registry: world.registry.url, name: '@ada/tool', version: '1.0.0', integrity}
    assert.ok(isSignedBy(parsePublicKey(signers[0].publicKey)!, authorStatement(signed), author.signature))
  })

  it('publish: an installation verifies the signature and the provenance', async (t) => {
    const world = await start(t)
    const keyId = await makeKey(world)
    const {integrity} = await packProject(await readProject(world.cwd))
    const sha256 = Buffer.from(integrity.slice('sha256-'.length), 'base64').toString('hex')
    const statement = {subject: [{digest: {sha256}}], predicate: {runDetails: {builder: {id: builder}}}}
    const file = path.join(world.home, 'provenance.json')
    await writeFile(file, JSON.stringify(statement))
    assert.equal((await world.run(Publish, ['--provenance', file])).exitCode, 0)

    const project = await startProject(t, world.registry.url, {'@ada/tool': '^1.0.0'})
    await project.succeed(Install)
    const [found] = JSON.parse((await project.succeed(Verify, ['--strict', '--json'])).stdout).packages
    assert.deepEqual([found.signer, found.provenance, found.builder], [keyId, 'verified', builder])
  })

  it('publish: without a registered key, publishes unsigned and warns if there is another key', async (t) => {
    const world = await start(t)
    assert.equal(JSON.parse((await world.run(Publish, ['--dry-run', '--json'])).stdout).signer, null)
    await makeKey(world, {isRegistered: false})
    const {stderr, exitCode} = await world.run(Publish, [])
    assert.match(
      stderr,
      /Warning: Not signed: no active key on this machine is registered with http.*Run `apkg key register --registry http.*`\.\n/,
    )
    assert.equal(exitCode, 0)
    assert.equal((await publishedBy(world))!.author, undefined)
  })

  it('publish: sends nothing if a signature is required but impossible', async (t) => {
    const world = await start(t)
    const refused = async (...argv: string[]) => (await refusal(world, argv)).code
    const {code: none, suggestions} = await refusal(world, ['--sign'])
    assert.equal(none, 'KEY_UNREGISTERED')
    assert.equal(suggestions[0], 'run `apkg key generate`')
    const keyId = await makeKey(world, {isRegistered: false})
    assert.equal(await refused('--sign'), 'KEY_UNREGISTERED')
    const {code, message} = await refusal(world, ['--key', keyId])
    assert.equal(code, 'KEY_UNREGISTERED')
    assert.ok(message.includes(`${keyId} is not active, or not registered with`), message)
    assert.equal(await refused('--key', 'desktop'), 'KEY_NOT_FOUND')
    assert.equal(await refused('--key', keyId, '--no-sign'), 'USAGE')
    assert.equal(await publishedBy(world), undefined)
  })

  it('publish: reports a damaged key file if a signature is required', async (t) => {
    const world = await start(t)
    const keyId = await makeKey(world)
    await writeFile(path.join(world.home, '.apkg', 'keys', `${keyId.replaceAll(/[:/+]/g, '_')}.json`), '{')
    assert.equal((await refusal(world, ['--sign'])).code, 'FILE_DAMAGED')
    assert.equal((await refusal(world, ['--key', keyId])).code, 'FILE_DAMAGED')
  })

  it('publish: --no-sign does not sign', async (t) => {
    const world = await start(t)
    await makeKey(world)
    assert.equal(
      (await world.run(Publish, ['--no-sign'])).stderr,
      `Publishing @ada/tool@1.0.0 to ${world.registry.url} ...\nPublished @ada/tool@1.0.0\n`,
    )
    assert.equal((await publishedBy(world))!.author, undefined)
  })

  it('publish: with several keys, requires --key or asks on a terminal', async (t) => {
    const world = await start(t)
    await makeKey(world)
    const other = await makeKey(world, {name: 'desktop'})
    const {code, message} = await refusal(world, [])
    assert.equal(code, 'INPUT_MISSING')
    assert.match(message, /No signing key was given/)
    const named = await world.run(Publish, ['--dry-run', '--json', '--key', other.slice(0, 15)])
    assert.equal(JSON.parse(named.stdout).signer, other)
    const select = <T>({choices}: {choices: {name: string; value: T}[]}) =>
      Promise.resolve(choices.find((choice) => choice.name.includes(other))!.value)
    assert.equal((await world.run(Publish, [], {terminal: true, prompts: {select}})).exitCode, 0)
    assert.equal((await publishedBy(world))!.author.keyId, other)
  })

  it('publish: a key with a passphrase is decrypted, or nothing is published', async (t) => {
    const world = await start(t)
    const env = {APKG_KEY_PASSPHRASE: 'open sesame'}
    const keyId = await makeKey(world, {env})
    const missing = await refusal(world, [])
    assert.deepEqual([missing.code, missing.exitCode], ['INPUT_MISSING', 2])
    const wrong = await refusal(world, [], {APKG_KEY_PASSPHRASE: 'sesame'})
    assert.deepEqual([wrong.code, wrong.exitCode], ['KEY_PASSPHRASE_WRONG', 4])
    assert.equal(await publishedBy(world), undefined)
    assert.equal(JSON.parse((await world.run(Publish, ['--json'], {env})).stdout).signer, keyId)
  })

  it('publish: signs with the successor of a retired key', async (t) => {
    const world = await start(t)
    const old = await makeKey(world)
    const next = (await world.run(KeyRotate, [old])).stdout.trim()
    assert.equal((await refusal(world, ['--key', old])).code, 'KEY_UNREGISTERED')
    assert.equal(JSON.parse((await world.run(Publish, ['--json'])).stdout).signer, next)
  })

  it('publish: the name of a rotated key means its successor', async (t) => {
    const world = await start(t)
    await makeKey(world)
    await world.run(KeyRotate, ['laptop'])
    const last = (await world.run(KeyRotate, ['laptop'])).stdout.trim()
    assert.equal(JSON.parse((await world.run(Publish, ['--key', 'laptop', '--json'])).stdout).signer, last)
  })

  it('publish: signs with a token that has only the publish scope', async (t) => {
    const world = await start(t)
    const keyId = await makeKey(world)
    const token = (await world.run(TokenCreate, ['--label', 'ci', '--scopes', 'publish'])).stdout.trim()
    const {stdout} = await world.run(Publish, ['--sign', '--json'], {env: {APKG_TOKEN: token}})
    assert.equal(JSON.parse(stdout).signer, keyId)
  })

  it('publish: a version that was published unsigned stays unsigned, with a warning', async (t) => {
    const world = await start(t)
    await world.run(Publish, [])
    await makeKey(world)
    const {stdout, stderr} = await world.run(Publish, [])
    assert.doesNotMatch(stdout, /Signer/)
    assert.match(stderr, /Warning: The registry did not confirm the signature\./)
    assert.match(stderr, /already published with the same content\n$/)
  })
})
