import assert from 'node:assert/strict'

import {Machine} from './machine.js'
import {password, startRegistry, type TestRegistry} from './registry.js'

/** Starts a registry with the user ada, and a machine on which she is logged in. */
export async function loggedIn(
  t: Parameters<typeof startRegistry>[0],
): Promise<{registry: TestRegistry; machine: Machine; env: {APKG_REGISTRY: string}}> {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const machine = await Machine.start(t)
  const env = {APKG_REGISTRY: registry.url}
  const login = await machine.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
  assert.deepEqual(login, {stdout: '', stderr: `Logged in as ada\nRegistry: ${registry.url}\n`, exitCode: 0})
  return {registry, machine, env}
}
