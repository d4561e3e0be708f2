import assert from 'node:assert/strict'
import path from 'node:path'
import type {TestContext} from 'node:test'

import RegistryBackup from '../../src/commands/registry/backup.js'
import RegistryRestore from '../../src/commands/registry/restore.js'
import {hashSecret} from '../../src/server/auth/credential-values.js'
import {operator} from '../../src/server/store/store.js'
import {storeBytes} from './blobs.js'
import {config} from './oclif-config.js'
import {versionDraft} from './package-drafts.js'
import {createWorld, temporaryFolder, type World} from './world.js'
import {runCommand} from '../../../../test/support/run-command.js'

/** Stores bytes and publishes them as a version. */
export async function publishBytes(world: World, token: string, version: string, content: string) {
  const {sha256, size, key} = await storeBytes(world.blobs, content)
  const credential = await world.store.credentials.find('token', hashSecret(token))
  assert.ok(credential)
  const release = versionDraft({name: '@ada/tool', version, sha256, size, blob: {key, isNew: true}})
  const {outcome} = await world.store.packages.publish(release, credential, operator, world.now())
  assert.equal(outcome, 'published')
  return sha256
}

/** A running registry with a package of two versions, and a user with two tokens. */
export async function withPackage(t: TestContext) {
  const world = await createWorld(t)
  const home = temporaryFolder(t)
  await world.addUser('ada')
  const {accessToken: session} = await world.logIn('ada')
  const {token} = await world.createToken(session, {name: 'ci-deploy'})
  const {token: stolen, id: stolenId} = await world.createToken(session, {name: 'stolen'})
  const blobs = [
    await publishBytes(world, token, '1.0.0', 'one'),
    await publishBytes(world, token, '1.1.0', 'another'),
  ] as const
  const run = (command: Parameters<typeof runCommand>[0], argv: string[]) =>
    runCommand(command, argv, config, {home, now: new Date(world.now())})
  const backup = path.join(home, 'backup')
  return {
    ...{world, home, backup, session, token, stolen, stolenId, blobs, run},
    backUp: (...argv: string[]) => run(RegistryBackup, [backup, '--data', world.folder, ...argv]),
    verify: (...argv: string[]) => run(RegistryRestore, [backup, '--verify', ...argv]),
    restore: (...argv: string[]) => run(RegistryRestore, [backup, '--data', path.join(home, 'data'), ...argv]),
  }
}
