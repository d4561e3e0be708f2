import path from 'node:path'

import {CredentialStore, readConfig, resolveRegistryTarget, type Ports} from '@apkg/command-kit'
import {isPackageName, type Author} from '@apkg/package-format'
import {placeholderScope} from '@apkg/package-format/conversion'

import {isFile} from '../../files/is-file.js'
import {findDefinition, type FoundDefinition} from './find-definition.js'
import {gitFacts} from './git-facts.js'

/** Defaults for a new manifest. */
export interface Proposals {
  name: string
  readme: string | undefined
  authors: Author[]
  repository: string | undefined
  /** What the directory already defines. */
  found: FoundDefinition | undefined
}

const readme = 'README.md'

/** Derived from the directory, git and the stored login, without the network. */
export async function proposalsFor(folder: string, ports: Pick<Ports, 'env' | 'home'>): Promise<Proposals> {
  const [username, git, hasReadme, found] = await Promise.all([
    storedUsername(ports),
    gitFacts(folder, ports.env),
    isFile(path.join(folder, readme)),
    findDefinition(folder),
  ])
  const author = git.name ?? username
  return {
    name: nameFor(found?.name ?? path.basename(folder), username),
    readme: hasReadme ? readme : undefined,
    authors: author === undefined ? [] : [{name: author, ...(git.email !== undefined && {email: git.email})}],
    repository: git.repository,
    found,
  }
}

/** `@ada/my-tool` for ada and `My Tool`. Without a login, the scope is a placeholder. */
function nameFor(name: string, username: string | undefined): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')
  const own = words.replaceAll(/^[^a-z0-9]+|(?<![^a-z0-9])[^a-z0-9]+$/g, '').slice(0, 100) || 'package'
  const scoped = `${username === undefined ? placeholderScope : `@${username.toLowerCase()}`}/${own}`
  return isPackageName(scoped) ? scoped : `${placeholderScope}/package`
}

/** A problem here isn't worth a failure. Commands that need the login report it. */
async function storedUsername({env, home}: Pick<Ports, 'env' | 'home'>): Promise<string | undefined> {
  try {
    const {registry} = resolveRegistryTarget(undefined, env, await readConfig(home))
    return (await new CredentialStore(home).find(registry))?.username
  } catch {
    return undefined
  }
}
