import assert from 'node:assert/strict'
import {readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {authorStatement, generateKeyPair, keyIdOf, signWith, toBase64, type KeyPair} from '@apkg/package-format/signing'
import {loadSqlite} from '@apkg/plugin-registry/dist/server/store/sqlite/driver.js'
import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Info from '../../src/commands/info.js'
import Install from '../../src/commands/install.js'
import TrustSet from '../../src/commands/trust/set.js'
import Update from '../../src/commands/update.js'
import Verify from '../../src/commands/verify.js'
import {failureOf} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'
import {packDraft, sendPackage, sessionOf} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'
import {startTamperingProxy, type Tamper} from '../support/tampering-proxy.js'
import {tempFolder} from '../support/temp-folder.js'
import {treeOf} from '../support/tree.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'

const name = '@ada/tool'

/** A registry behind a tampering proxy, an author with a key, and a project that depends on their package. */
async function startWorld(t: TestContext) {
  const proxy = await startTamperingProxy(t)
  const registry = await startRegistry(t, {publicUrl: new URL(proxy.url)})
  proxy.target = registry.url
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  const key = generateKeyPair()
  const keyId = keyIdOf(key.publicKey)
  const post = async (route: string, body: object) => {
    const headers = {authorization: `Bearer ${session}`, 'content-type': 'application/json'}
    const answer = await fetch(registry.url + route, {method: 'POST', headers, body: JSON.stringify(body)})
    assert.ok(answer.ok, await answer.text())
  }
  const register = (pair: KeyPair) => post('/auth/keys', {publicKey: toBase64(pair.publicKey), name: 'laptop'})
  const publish = async (version: string, by: KeyPair | undefined = key, of = name) => {
    const packed = await packDraft({name: of, version, files: {'skill.md': `# ${version}\n`}})
    const {integrity} = packed.metadata
    const statement = authorStatement({registry: proxy.url, name: of, version, integrity})
    const signature = {keyId: keyIdOf(by.publicKey), signature: signWith(by.seed, statement)}
    const answer = await sendPackage(registry.url, session, {...packed, metadata: {...packed.metadata, signature}})
    assert.ok(answer.ok, await answer.text())
    return integrity
  }
  const publishUnsigned = async (version: string) => {
    const answer = await sendPackage(registry.url, session, await packDraft({name, version}))
    assert.ok(answer.ok, await answer.text())
  }
  const evilBytes = async (version: string) => {
    const {metadata, tarball} = await packDraft({name, version, files: {'skill.md': 'evil\n'}})
    return {integrity: metadata.integrity, tarball: Buffer.from(tarball)}
  }
  /** Leaves the registry as one that published a version before it had a key. */
  const forgetAttestation = async (version: string) => {
    const database = (await loadSqlite()).open(path.join(registry.folder, 'registry.db'))
    database
      .prepare('DELETE FROM version_signatures WHERE version_id = (SELECT id FROM versions WHERE version = ?)')
      .run(version)
    database.close()
  }
  await register(key)
  const manifest = {name: '@me/app', version: '1.0.0', type: 'project', dependencies: {[name]: '^1.0.0'}}
  const cwd = await makeTree(t, {'apkg.json': `${JSON.stringify(manifest)}\n`})
  const home = await tempFolder(t)
  const env: NodeJS.ProcessEnv = {APKG_REGISTRY: proxy.url}
  const run = (
    command: typeof Install | typeof Update | typeof TrustSet | typeof Verify | typeof Info,
    ...argv: string[]
  ) => runCommand(command, argv, config, {home, cwd, env, now: registry.clock.now})
  const lockedSigner = async () =>
    JSON.parse(await readFile(path.join(cwd, 'apkg-lock.json'), 'utf8')).packages[`${name}@1.0.0`]?.signer as unknown
  /** Runs a command that must fail with a code and change nothing. */
  const refuses = async (code: string, command: typeof Install | typeof Update, ...argv: string[]) => {
    const before = await treeOf(cwd)
    const outcome = failureOf(await run(command, ...argv, '--json'))
    assert.equal(outcome.code, code, outcome.message)
    assert.notEqual(outcome.exitCode, 0)
    assert.deepEqual(await treeOf(cwd), before)
  }
  const tools = {evilBytes, forgetAttestation, cwd, home, env, run, refuses, lockedSigner}
  return {proxy, registry, key, keyId, post, register, publish, publishUnsigned, ...tools}
}

/** Tampers with the metadata of a version. */
const inVersion =
  (version: string, change: (dist: any) => void): Tamper =>
  (_, body) => {
    const dist = body.versions?.[version]?.dist
    if (dist) change(dist)
    return body
  }

const stripped = (dist: any) => delete dist.attestations

describe('install of signed packages', () => {
  it('install signed packages: verifies signatures and records the signer', async (t) => {
    const {publish, run, keyId, lockedSigner} = await startWorld(t)
    await publish('1.0.0')
    const {exitCode, stderr} = await run(Install)
    assert.equal(exitCode, 0, stderr)
    assert.doesNotMatch(stderr, /not signed/i)
    assert.equal(await lockedSigner(), keyId)
  })

  const attacks: [what: string, code: string, tamper: (other: string) => Tamper][] = [
    [
      'content other than what was signed',
      'SIGNATURE_SWAPPED',
      (other) => inVersion('1.0.0', (dist) => (dist.integrity = other)),
    ],
    [
      'a modified signature',
      'SIGNATURE_INVALID',
      () => inVersion('1.0.0', (dist) => (dist.attestations[0].signature = Buffer.alloc(64, 1).toString('base64'))),
    ],
    [
      "a version without the registry's attestation",
      'SIGNATURE_UNATTESTED',
      () => inVersion('1.0.0', (dist) => dist.attestations.splice(1)),
    ],
    [
      "a version without the author's signature",
      'SIGNATURE_DOWNGRADED',
      () => inVersion('1.0.0', (dist) => dist.attestations.splice(0, 1)),
    ],
  ]
  for (const [what, code, tamper] of attacks) {
    it(`install signed packages: rejects ${what}: ${code}`, async (t) => {
      const {publish, refuses, proxy} = await startWorld(t)
      const other = await publish('0.9.0')
      await publish('1.0.0')
      proxy.tamper = tamper(other)
      await refuses(code, Install)
    })

    it(`info: names no signer of ${what}`, async (t) => {
      const {publish, run, proxy} = await startWorld(t)
      const other = await publish('0.9.0')
      await publish('1.0.0')
      proxy.tamper = tamper(other)
      const {stdout} = await run(Info, `${name}@1.0.0`)
      assert.match(stdout, /^Signed by: INVALID SIGNATURE \(installing it is refused\)$/m)
    })
  }

  it('install signed packages: once keys are pinned, refuses other bytes without any attestation: ATTESTATION_MISSING', async (t) => {
    const {run, refuses, proxy, publishUnsigned, evilBytes, cwd} = await startWorld(t)
    await publishUnsigned('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publishUnsigned('1.1.0')
    const evil = await evilBytes('1.1.0')
    // A man in the middle replaces the bytes, and removes everything that is signed.
    proxy.tamper = inVersion('1.1.0', (dist) => {
      stripped(dist)
      delete dist.signatures
      dist.integrity = evil.integrity
    })
    proxy.bytes = (address) => (address.includes('/1.1.0/tarball') ? evil.tarball : undefined)
    await refuses('ATTESTATION_MISSING', Update)
    await refuses('ATTESTATION_MISSING', Update, '--accept-unsigned', name)
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    await rm(path.join(cwd, 'apkg-lock.json'))
    await refuses('ATTESTATION_MISSING', Install)
    const {stderr} = await run(Install)
    assert.match(stderr, /hint: .*`apkg trust set attestations off`/)
    await run(TrustSet, 'attestations', 'off')
    assert.equal((await run(Install)).exitCode, 0)
    assert.equal(await readFile(path.join(cwd, 'apkg_packages/@ada/tool/skill.md'), 'utf8'), 'evil\n')
    await run(TrustSet, 'attestations', 'require')
    const verified = JSON.parse((await run(Verify, '--json')).stdout)
    assert.deepEqual(
      verified.packages.map((each: any) => [each.signature, each.problems[0].code]),
      [['invalid', 'ATTESTATION_MISSING']],
    )
  })

  it('install signed packages: a forged packument with its genuine ETag is fetched again in full from the honest registry', async (t) => {
    const {run, refuses, proxy, publishUnsigned} = await startWorld(t)
    proxy.keepsEtags = true
    await publishUnsigned('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publishUnsigned('1.1.0')
    proxy.tamper = inVersion('1.1.0', stripped)
    await refuses('ATTESTATION_MISSING', Update)
    proxy.tamper = (_, body) => body
    const {exitCode, stderr} = await run(Update)
    assert.equal(exitCode, 0, stderr)
  })

  it('install signed packages: forged metadata is refused although the registry keys cannot be fetched and nothing can be cached', async (t) => {
    const {run, refuses, proxy, publishUnsigned, evilBytes, env, cwd} = await startWorld(t)
    await publishUnsigned('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publishUnsigned('1.1.0')
    const evil = await evilBytes('1.1.0')
    const inFile = path.join(await makeTree(t, {file: ''}), 'file')
    const forgeries: [code: string, forge: (dist: any) => void][] = [
      ['SIGNATURE_INVALID', (dist) => (dist.attestations[0].integrity = evil.integrity)],
      ['SIGNATURE_SWAPPED', () => undefined],
      ['REGISTRY_KEY_UNKNOWN', (dist) => (dist.attestations[0].keyId = keyIdOf(generateKeyPair().publicKey))],
      ['ATTESTATION_MISSING', stripped],
    ]
    proxy.bytes = (address) => (address.includes('/1.1.0/tarball') ? evil.tarball : undefined)
    for (const APKG_CACHE_DIR of [undefined, inFile]) {
      env['APKG_CACHE_DIR'] = APKG_CACHE_DIR
      for (const [code, forge] of forgeries) {
        const inMetadata = inVersion('1.1.0', (dist) => {
          dist.integrity = evil.integrity
          forge(dist)
        })
        proxy.tamper = (at, body) => {
          if (at === '/registry/signing-keys') throw new Error('cut off')
          return inMetadata(at, body)
        }
        await refuses(code, Update)
      }
    }
    proxy.tamper = (at, body) => {
      if (at === '/registry/signing-keys') throw new Error('cut off')
      return body
    }
    proxy.bytes = () => undefined
    const {exitCode, stderr} = await run(Update)
    assert.equal(exitCode, 0, stderr)
    assert.match(await readFile(path.join(cwd, 'apkg_packages/@ada/tool/apkg.json'), 'utf8'), /"1\.1\.0"/)
  })

  it('install signed packages: without pinned keys, attested packages are not installed if the registry keys cannot be fetched', async (t) => {
    const {refuses, proxy, publish} = await startWorld(t)
    await publish('1.0.0')
    proxy.tamper = (at, body) => {
      if (at === '/registry/signing-keys') throw new Error('cut off')
      return body
    }
    await refuses('UNREACHABLE', Install)
  })

  it('install signed packages: installs what a registry attested only when it was upgraded', async (t) => {
    const {run, refuses, registry, publishUnsigned, forgetAttestation} = await startWorld(t)
    await publishUnsigned('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publishUnsigned('1.1.0')
    await forgetAttestation('1.1.0')
    await refuses('ATTESTATION_MISSING', Update)
    await registry.store.signingKeys.ensure(registry.clock.now.getTime())
    const {exitCode, stderr} = await run(Update)
    assert.equal(exitCode, 0, stderr)
  })

  it('install signed packages: rejects the signatures of another version', async (t) => {
    const {publish, refuses, proxy} = await startWorld(t)
    await publish('1.0.0')
    await publish('1.1.0')
    proxy.tamper = (_, body) => {
      if (body.versions) body.versions['1.1.0'].dist = body.versions['1.0.0'].dist
      return body
    }
    await refuses('SIGNATURE_REPLAYED', Install)
  })

  it('install signed packages: rejects the signatures of another package', async (t) => {
    const {publish, refuses, proxy, key} = await startWorld(t)
    await publish('1.0.0')
    await publish('1.0.0', key, '@ada/other')
    const other = encodeURIComponent('@ada/other')
    const answer = await fetch(`${proxy.url}/packages/${other}`)
    const {versions} = await answer.json()
    proxy.tamper = inVersion('1.0.0', (dist) => Object.assign(dist, versions['1.0.0'].dist))
    await refuses('SIGNATURE_REPLAYED', Install)
  })

  it('install signed packages: rejects a version that was published with a key after its rotation', async (t) => {
    const {publish, refuses, proxy, registry, key, post, keyId} = await startWorld(t)
    const rotatedAt = registry.clock.now.toISOString()
    registry.clock.advance(60_000)
    await publish('1.0.0')
    const {publicKey} = generateKeyPair()
    const [newPublicKey, attestation] = [toBase64(publicKey), signWith(key.seed, publicKey)]
    await post('/auth/keys/rotate', {oldKeyId: keyId, newPublicKey, attestation})
    proxy.tamper = (_, body) => {
      for (const signer of body.signers ?? []) if (signer.keyId === keyId) signer.revokedAt = rotatedAt
      return body
    }
    await refuses('SIGNER_RETIRED', Install)
  })

  it("install signed packages: rejects an attestation by another registry's key", async (t) => {
    const {publish, refuses, proxy} = await startWorld(t)
    await publish('1.0.0')
    const other = await startWorld(t)
    await other.publish('1.0.0')
    const answer = await fetch(`${other.proxy.url}/packages/${encodeURIComponent(name)}`)
    const [, attestation] = (await answer.json()).versions['1.0.0'].dist.attestations
    assert.equal(attestation.kind, 'registry')
    proxy.tamper = inVersion('1.0.0', (dist) => dist.attestations.splice(1, 1, attestation))
    await refuses('REGISTRY_KEY_UNKNOWN', Install)
  })

  it('install signed packages: rejects an attestation that a registry key made after it was retired', async (t) => {
    const {publish, refuses, proxy, registry} = await startWorld(t)
    const end = registry.clock.now.toISOString()
    registry.clock.advance(60_000)
    await publish('1.0.0')
    await registry.store.signingKeys.rotate('superseded', operator, registry.clock.now.getTime())
    proxy.tamper = (_, body) => {
      for (const each of body.keys ?? []) if (each.status === 'retired') each.expiresAt = end
      return body
    }
    await refuses('REGISTRY_KEY_RETIRED', Install)
  })

  it('install signed packages: rejects an attestation by a compromised registry key, and accepts a new one by its successor', async (t) => {
    const {publish, run, refuses, proxy, registry, lockedSigner, keyId} = await startWorld(t)
    await publish('1.0.0')
    const before = await (await fetch(`${proxy.url}/packages/${encodeURIComponent(name)}`)).json()
    const {attestations} = before.versions['1.0.0'].dist
    await registry.store.signingKeys.rotate('key-compromise', operator, registry.clock.now.getTime())
    proxy.tamper = inVersion('1.0.0', (dist) => (dist.attestations = attestations))
    await refuses('REGISTRY_KEY_REVOKED', Install)
    proxy.tamper = (_, body) => body
    const {exitCode, stderr} = await run(Install)
    assert.equal(exitCode, 0, stderr)
    assert.equal(await lockedSigner(), keyId)
  })

  it('install signed packages: rejects a signer other than the locked one, frozen or not', async (t) => {
    const {run, publish, refuses, cwd, keyId} = await startWorld(t)
    await publish('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    const file = path.join(cwd, 'apkg-lock.json')
    const before = keyIdOf(generateKeyPair().publicKey)
    const lockfile = (await readFile(file, 'utf8')).replace(/"signer": "[^"]*"/, `"signer": "${before}"`)
    await writeFile(file, lockfile)
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    await refuses('SIGNER_CHANGED', Install, '--frozen-lockfile')
    await refuses('SIGNER_CHANGED', Install, '--accept-signer', keyId)
    const {stderr} = await run(Install)
    assert.ok(stderr.includes(`is signed by ${keyId}, but the lockfile records a signature by ${before}`), stderr)
    assert.match(stderr, /remove its entry from apkg-lock\.json/)
  })

  it('install signed packages: warns about an update by another key, or rejects it if signatures are required and it was not accepted', async (t) => {
    const {run, publish, register, refuses, keyId} = await startWorld(t)
    const other = generateKeyPair()
    await register(other)
    await publish('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publish('1.1.0', other)
    await run(TrustSet, 'signatures', 'require')
    await refuses('SIGNER_CHANGED', Update)
    await refuses('SIGNER_CHANGED', Update, '--dry-run')
    await refuses('SIGNER_CHANGED', Update, '--accept-signer', keyId)
    assert.equal((await run(Update, '--accept-signer', keyIdOf(other.publicKey))).exitCode, 0)
    await publish('1.2.0')
    await run(TrustSet, 'signatures', 'warn')
    for (const argv of [['--dry-run'], []]) {
      const {exitCode, stderr} = await run(Update, ...argv)
      assert.equal(exitCode, 0, stderr)
      assert.ok(stderr.includes(`@ada/tool@1.2.0 is signed by ${keyId}`), stderr)
    }
  })

  it('install signed packages: does not warn about an update by a key that the previous one was rotated to', async (t) => {
    const {run, publish, post, key, keyId, registry} = await startWorld(t)
    await publish('1.0.0')
    await run(TrustSet, 'signatures', 'require')
    assert.equal((await run(Install)).exitCode, 0)
    const next = generateKeyPair()
    const [newPublicKey, attestation] = [toBase64(next.publicKey), signWith(key.seed, next.publicKey)]
    registry.clock.advance(1000)
    await post('/auth/keys/rotate', {oldKeyId: keyId, newPublicKey, attestation})
    await publish('1.1.0', next)
    const {exitCode, stderr} = await run(Update)
    assert.equal(exitCode, 0, stderr)
    assert.doesNotMatch(stderr, /sign/)
  })

  it('install signed packages: rejects installed packages without signatures once signatures are required', async (t) => {
    const {run, publishUnsigned, refuses} = await startWorld(t)
    await publishUnsigned('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await run(TrustSet, 'signatures', 'require')
    await refuses('SIGNATURE_REQUIRED', Install)
    await refuses('SIGNATURE_REQUIRED', Install, '--frozen-lockfile')
  })

  it('install signed packages: verifies packages without a recorded signer once signatures are required', async (t) => {
    const {run, publish, refuses, cwd, keyId, lockedSigner} = await startWorld(t)
    await publish('1.0.0')
    await run(TrustSet, 'signatures', 'off')
    assert.equal((await run(Install)).exitCode, 0)
    assert.doesNotMatch(await readFile(path.join(cwd, 'apkg-lock.json'), 'utf8'), /signer/)
    await run(TrustSet, 'signatures', 'require')
    await refuses('SIGNATURE_REQUIRED', Install, '--frozen-lockfile')
    const {exitCode, stderr} = await run(Install)
    assert.equal(exitCode, 0, stderr)
    assert.equal(await lockedSigner(), keyId)
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    assert.equal((await run(Install, '--frozen-lockfile')).exitCode, 0)
  })

  it('install signed packages: does not report a package as unsigned if a frozen lockfile does not record its signer', async (t) => {
    const {run, publish, cwd} = await startWorld(t)
    await publish('1.0.0')
    await run(TrustSet, 'signatures', 'off')
    assert.equal((await run(Install)).exitCode, 0)
    await run(TrustSet, 'signatures', 'warn')
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    const {exitCode, stdout, stderr} = await run(Install, '--frozen-lockfile', '--json')
    assert.equal(exitCode, 0, stderr)
    const {unsigned, unrecorded} = JSON.parse(stdout).signatures
    assert.deepEqual([unsigned, unrecorded], [[], ['@ada/tool@1.0.0']])
    assert.match(stderr, /^apkg-lock\.json records no signer for 1 package$/m)
    await run(TrustSet, 'signatures', 'require')
    const required = await run(Install, '--frozen-lockfile')
    assert.match(
      required.stderr,
      /apkg-lock\.json does not record a signer for these packages:\n  - @ada\/tool@1\.0\.0\n  hint: .*`apkg install`/,
    )
  })

  it('install signed packages: a frozen install of unsigned packages has no warning, and no hint that cannot help', async (t) => {
    const {run, publishUnsigned, cwd} = await startWorld(t)
    await publishUnsigned('1.0.0')
    await run(Install)
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    const {exitCode, stderr} = await run(Install, '--frozen-lockfile')
    assert.equal(exitCode, 0, stderr)
    assert.doesNotMatch(stderr, /Warning/)
    await run(TrustSet, 'signatures', 'require')
    const required = await run(Install, '--frozen-lockfile')
    assert.match(
      required.stderr,
      /these packages are not signed by their authors:\n  - @ada\/tool@1\.0\.0\n[^]*  hint: run `apkg trust set signatures warn`/,
    )
    assert.doesNotMatch(required.stderr, /`apkg install`/)
  })

  it('install signed packages: rejects a package that lost its signature, frozen and in an update', async (t) => {
    const {publish, run, refuses, proxy, cwd} = await startWorld(t)
    await publish('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publish('1.1.0')
    proxy.tamper = inVersion('1.1.0', stripped)
    await refuses('SIGNATURE_DOWNGRADED', Update)
    await refuses('SIGNATURE_DOWNGRADED', Update, '--dry-run')
    await refuses('SIGNATURE_DOWNGRADED', Update, '--accept-unsigned', '@ada/other')
    proxy.tamper = inVersion('1.0.0', stripped)
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    await refuses('SIGNATURE_DOWNGRADED', Install, '--frozen-lockfile')
    await refuses('SIGNATURE_DOWNGRADED', Install, '--frozen-lockfile', '--accept-unsigned', name)
  })

  it('install signed packages: accepts a version without a signature with --accept-unsigned', async (t) => {
    const {publish, publishUnsigned, run, refuses, proxy} = await startWorld(t)
    await publish('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publishUnsigned('1.1.0')
    proxy.tamper = inVersion('1.1.0', stripped)
    await refuses('ATTESTATION_MISSING', Update, '--accept-unsigned', name)
    proxy.tamper = (_, body) => body
    await run(TrustSet, 'signatures', 'require')
    await refuses('SIGNATURE_REQUIRED', Update, '--accept-unsigned', name)
    const hints = (await run(Update)).stderr
    assert.match(hints, /run `apkg trust set signatures warn`, add `--accept-unsigned @ada\/tool`$/m)
    await run(TrustSet, 'signatures', 'warn')
    const {exitCode, stdout, stderr} = await run(Update, '--accept-unsigned', name, '--json')
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual(JSON.parse(stdout).signatures.downgraded, ['@ada/tool@1.1.0'])
    assert.match(stderr, /^Warning: @ada\/tool@1\.1\.0 is not signed by its author, but the previous version was$/m)
  })

  it('install signed packages: rejects a version published after its key was revoked, and accepts earlier ones', async (t) => {
    const {publish, run, refuses, proxy, registry, post, keyId} = await startWorld(t)
    await publish('1.0.0')
    registry.clock.advance(60_000)
    const revokedAt = registry.clock.now.toISOString()
    registry.clock.advance(60_000)
    await publish('1.1.0')
    await post(`/auth/keys/${encodeURIComponent(keyId)}/revoke`, {reason: 'superseded'})
    proxy.tamper = (_, body) => {
      for (const signer of body.signers ?? []) signer.revokedAt = revokedAt
      return body
    }
    await refuses('SIGNER_REVOKED', Install)
    proxy.tamper = (_, body) => {
      for (const signer of body.signers ?? []) signer.revokedAt = revokedAt
      if (body.versions) delete body.versions['1.1.0']
      return body
    }
    const {exitCode, stderr} = await run(Install)
    assert.equal(exitCode, 0, stderr)
  })

  it('install signed packages: rejects a registry whose signing key changed', async (t) => {
    const {publish, run, refuses, proxy} = await startWorld(t)
    await publish('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await publish('1.1.0')
    const {publicKey} = generateKeyPair()
    proxy.tamper = (at, body) => {
      if (at === '/registry/signing-keys') {
        body.keys = [{...body.keys[0], keyId: keyIdOf(publicKey), publicKey: toBase64(publicKey)}]
      }
      return body
    }
    await refuses('REGISTRY_KEY_CHANGED', Update)
  })

  it('install signed packages: counts unsigned packages, warns if the policy says so, or rejects them if signatures are required', async (t) => {
    const {publishUnsigned, run, refuses} = await startWorld(t)
    await publishUnsigned('1.0.0')
    assert.equal((await run(TrustSet, 'signatures', 'require')).exitCode, 0)
    await refuses('SIGNATURE_REQUIRED', Install)
    await run(TrustSet, 'signatures', 'warn')
    const {exitCode, stderr} = await run(Install)
    assert.equal(exitCode, 0, stderr)
    assert.match(stderr, /^Warning: 1 package is not signed by its author: @ada\/tool@1\.0\.0\n/)
    assert.doesNotMatch(stderr, /author$/m)
  })

  it('install signed packages: verifies with pinned keys offline', async (t) => {
    const {publish, run, cwd, lockedSigner, keyId} = await startWorld(t)
    await publish('1.0.0')
    assert.equal((await run(Install)).exitCode, 0)
    await rm(path.join(cwd, 'apkg_packages'), {recursive: true})
    const {exitCode, stderr} = await run(Install, '--offline')
    assert.equal(exitCode, 0, stderr)
    assert.equal(await lockedSigner(), keyId)
  })
})
