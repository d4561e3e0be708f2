import type {TestContext} from 'node:test'

import {writeTree} from './make-tree.js'
import {giveAway} from './other-user.js'
import {publishPackage, sessionOf} from './publish-package.js'
import {password, startRegistry} from './registry.js'
import {tempFolder} from './temp-folder.js'

const skill = '---\nname: base\ndescription: A base\n---\nRead.\n'

export interface OtherUsersProject {
  /** Without a lockfile. */
  project: string
  /** A credential of Ada, and the registry's URL. */
  env: {APKG_REGISTRY: string; APKG_TOKEN: string}
}

/** A registry with `@ada/base`, and a project of `otherUser`, `@ada/tool`, that depends on it. */
export async function startOtherUsersProject(
  t: TestContext,
  {visibility = 'private'}: {visibility?: 'public' | 'private'} = {},
): Promise<OtherUsersProject> {
  const registry = await startRegistry(t)
  await registry.addOrganization('acme', {[await registry.addUser('ada')]: 'admin'})
  await registry.addUser('bob')
  const session = await sessionOf(registry.url, 'ada', password)
  await publishPackage(registry.url, session, {name: '@ada/base', files: {'SKILL.md': skill}})
  const project = await tempFolder(t)
  const manifest = {
    ...{name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool', license: 'MIT', visibility},
    dependencies: {'@ada/base': '^1.0.0'},
  }
  await writeTree(project, {'apkg.json': JSON.stringify(manifest), 'SKILL.md': skill})
  await giveAway(project)
  return {project, env: {APKG_REGISTRY: registry.url, APKG_TOKEN: session}}
}
