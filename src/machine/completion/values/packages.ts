import type {RegistryClient} from '@apkg/command-kit'
import {isPackageName} from '@apkg/package-format'

import {packageInfo} from '../../../catalog/packument/package-info.js'
import {findProject} from '../../../project/find-project.js'
import {readProject} from '../../../project/read-project.js'
import {searchPackages} from '../../../catalog/search/search-packages.js'
import type {Candidate} from './candidate.js'
import type {Machine, TypedValue, ValueSource} from './value-source.js'

const maxPackages = 50

/** Commands that install packages. A package can't depend on itself. */
const installingCommands = new Set(['add', 'install', 'ci'])

async function ownPackage({command}: TypedValue, machine: Machine): Promise<(value: string) => boolean> {
  if (!installingCommands.has(command.id)) return () => false
  const {name} = (await readProject(findProject(machine))).manifest
  return (value) => value === name || value.startsWith(`${name}@`)
}

/** Package names: the project's own, its dependencies, and search results. */
export const packages: ValueSource = {
  known: (_wanted, machine) => nearby(machine),
  excludes: ownPackage,
  asked: {
    isPackage: true,
    about: ({typed}) => (nameIn(typed) === undefined ? searched(typed) : undefined),
    ask: search,
  },
}

/** Like `packages`, but completes dist-tags and versions after `name@`. */
export const packageVersions: ValueSource = {
  known: async ({typed}, machine) => (nameIn(typed) === undefined ? nearby(machine) : []),
  excludes: ownPackage,
  asked: {
    isPackage: true,
    about: ({typed}) => nameIn(typed) ?? searched(typed),
    ask: (client, about) => (about.endsWith('@') ? choicesOf(client, about.slice(0, -1)) : search(client, about)),
  },
}

/** The dist-tags of the package in the preceding argument. */
export const distTags: ValueSource = {
  asked: {
    isPackage: true,
    about({args: [target = '']}) {
      const name = (nameIn(target) ?? `${target}@`).slice(0, -1)
      return isPackageName(name) ? name : undefined
    },
    async ask(client, name) {
      const {distTags: tags = {}} = await client.call('getPackage', {params: {name}})
      return Object.entries(tags).map(([value, description]) => ({value, description}))
    },
  },
}

/** `@acme/tool@1` → `@acme/tool@`; undefined if there is no `@` after the name. */
function nameIn(typed: string): string | undefined {
  const end = typed.indexOf('@', 1)
  return end > 0 && isPackageName(typed.slice(0, end)) ? typed.slice(0, end + 1) : undefined
}

/** Prevents an empty search, which would find the newest packages. */
function searched(typed: string): string | undefined {
  return /[a-z0-9]/.test(typed) ? typed : undefined
}

async function nearby(machine: Machine): Promise<Candidate[]> {
  const {manifest} = await readProject(findProject(machine))
  const names = [manifest.name, ...Object.keys(manifest.dependencies)]
  return names.map((value) => ({value, description: value === manifest.name ? 'this package' : 'in apkg.json'}))
}

async function search(client: RegistryClient, text: string): Promise<Candidate[]> {
  const {results} = await searchPackages(client, text, {limit: maxPackages, offset: 0})
  return results.map(({name, description}) => ({value: name, description: description ?? ''}))
}

async function choicesOf(client: RegistryClient, name: string): Promise<Candidate[]> {
  const packument = await client.call('getPackage', {params: {name}})
  const {distTags: tags, versions} = packageInfo(packument, undefined)
  const usable = versions.filter(({yanked}) => !yanked)
  return [
    ...Object.entries(tags).map(([tag, version]) => ({value: `${name}@${tag}`, description: version})),
    ...usable.map(({version, deprecated}) => ({
      value: `${name}@${version}`,
      description: deprecated === null ? '' : `deprecated: ${deprecated}`,
    })),
  ]
}
