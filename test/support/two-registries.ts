import type {TestContext} from 'node:test'

import Login from '../../src/commands/login.js'
import TrustAdd from '../../src/commands/trust/add.js'
import {startProject, type TestProject} from './project.js'
import {publishPackage, sessionOf, type Draft} from './publish-package.js'
import {password, startRegistry, type TestRegistry} from './registry.js'

export interface TwoRegistries {
  /** The selected registry. */
  main: TestRegistry
  /** The registry of a company. */
  acme: TestRegistry
  project: TestProject
  publish: (registry: TestRegistry, user: string, draft: Draft) => Promise<void>
}

/**
 * Starts two registries. `@ada/base` is on the selected one, and the private package `@acme/tool`, which depends on it, on
 * that of a company, where a user can log in. The selected one also has a newer, malicious `@acme/tool`.
 *
 * @param isRouted whether the scope is routed, and the user is logged in
 */
export async function startTwoRegistries(
  t: Pick<TestContext, 'after'>,
  dependencies: Record<string, string> = {},
  {isRouted = true}: {isRouted?: boolean} = {},
): Promise<TwoRegistries> {
  const [main, acme] = [await startRegistry(t), await startRegistry(t)]
  const publish = async ({url}: TestRegistry, user: string, draft: Draft) => {
    await publishPackage(url, await sessionOf(url, user, password), draft)
  }
  await main.addUser('ada')
  await main.addUser('acme')
  await acme.addUser('acme')
  await publish(main, 'ada', {name: '@ada/base', files: {'base.md': 'base'}})
  await publish(main, 'acme', {name: '@acme/tool', version: '9.9.9', files: {'tool.md': 'malicious'}})
  const tool = {name: '@acme/tool', visibility: 'private', dependencies: {'@ada/base': '^1.0.0'}} as const
  await publish(acme, 'acme', {...tool, files: {'tool.md': 'genuine'}})
  const project = await startProject(t, main.url, dependencies)
  if (isRouted) {
    const login = ['--username', 'acme', '--password-stdin', '--registry', acme.url]
    await project.succeed(Login, login, {stdin: password})
    await project.succeed(TrustAdd, ['@acme', acme.url])
  }
  forget(main, acme)
  return {main, acme, project, publish}
}

/** Forgets the requests that registries received. */
export function forget(...registries: readonly TestRegistry[]): void {
  for (const {requests, authorizations, bodies} of registries) {
    requests.length = 0
    bodies.length = 0
    authorizations.clear()
  }
}

/** The requests to a registry, with their bodies, in which a text occurs. */
export function mentions({requests, bodies}: TestRegistry, text: string): string[] {
  return [...requests.map(decodeURIComponent), ...bodies].filter((each) => each.includes(text))
}
