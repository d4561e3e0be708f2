import {stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {startPlainRegistry} from './plain-registry.js'
import {startProject, type TestProject} from './project.js'

/** Starts a project that depends on `@acme/app`, which needs `@acme/lib` and `@other/deep`, which needs `@acme/lib` too. */
export async function startAcmeProject(t: TestContext, dependencies: Record<string, string> = {'@acme/app': '^1.0.0'}) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/lib', version: '1.0.0', files: {'docs/guide.md': 'guide'}})
  await registry.put({name: '@acme/lib', version: '1.1.0', files: {'docs/guide.md': 'newer guide'}})
  await registry.put({name: '@other/deep', dependencies: {'@acme/lib': '^1.0.0'}})
  await registry.put({name: '@acme/app', dependencies: {'@acme/lib': '^1.0.0', '@other/deep': '*'}})
  return {registry, project: await startProject(t, registry.url, dependencies)}
}

/** Pins the scope of `@other/deep` to another registry. */
export async function pinElsewhere({home}: TestProject) {
  const trust = {scopes: {'@other': 'https://r.example'}}
  await writeFile(path.join(home, '.apkg/trust.json'), JSON.stringify(trust))
}

/** Returns everything that a failed installation must leave unchanged: content, times and inodes. */
export async function projectState(project: TestProject) {
  const tree = await project.tree()
  const stats = await Promise.all(Object.keys(tree).map((name) => stat(project.at(name))))
  return {tree, stats: stats.map(({mtimeMs, ctimeMs, ino}) => [mtimeMs, ctimeMs, ino])}
}
