import {failure, isInteractive, type Ports} from '@apkg/command-kit'
import {knownTools, packageNameProblem, packageTypes, versionProblem} from '@apkg/package-format'

import type {ToolName} from '../../tools/tool-traits.js'
import type {Proposals} from './proposals.js'

export type PackageType = (typeof packageTypes)[number]

export interface InitFlags {
  name?: string | undefined
  'package-version'?: string | undefined
  type?: PackageType | undefined
  description?: string | undefined
  license?: string | undefined
  keywords?: string | undefined
  target?: ToolName[] | undefined
  origin?: ToolName | undefined
  yes: boolean
}

export interface Answers {
  name: string
  version: string
  type: PackageType
  description: string
  license: string
  keywords: string[]
  /** Empty for a project. */
  targets: ToolName[]
  origin: ToolName | undefined
}

interface Question {
  message: string
  proposal: string
  /** Whether the proposal is too much of a guess to be used without asking. */
  isRequired?: boolean
  problem?: (text: string) => string | undefined
}

type TextFlag = 'name' | 'package-version' | 'description' | 'license' | 'keywords'

/**
 * Gathers the content of a manifest from flags, prompts on a terminal, or else the proposals.
 *
 * @throws {ApkgError} `INPUT_MISSING` with the flag, without a terminal and `--yes`; `USAGE` for an invalid flag.
 */
export async function gatherAnswers(
  flags: InitFlags,
  proposals: Proposals,
  ports: Pick<Ports, 'stdin' | 'stderr' | 'prompts'>,
): Promise<Answers> {
  const {prompts} = ports
  const ask = !flags.yes && isInteractive(ports)

  async function text(flag: TextFlag, {message, proposal, isRequired, problem}: Question): Promise<string> {
    const given = flags[flag]
    const reason = given === undefined ? undefined : problem?.(given)
    if (reason !== undefined) throw failure('USAGE', {message: `--${flag} ${reason}`})
    if (given !== undefined) return given
    if (!ask && isRequired && !flags.yes) throw missing(`--${flag}`, flags)
    if (!ask) return proposal
    const validate = (answer: string) => {
      const wrong = problem?.(answer)
      return wrong === undefined || `It ${wrong}.`
    }
    return prompts.text({message, default: proposal, validate})
  }

  async function type(): Promise<PackageType> {
    if (flags.type !== undefined) return flags.type
    if (!ask && !flags.yes) throw missing('--type', flags)
    if (!ask) return 'project'
    const choices = packageTypes.map((each) => ({name: each, value: each}))
    return prompts.select({message: 'Package type', choices, default: 'project'})
  }

  async function targets(): Promise<ToolName[]> {
    if (flags.target !== undefined) return flags.target
    if (ask) {
      const choices = knownTools.map((tool) => ({name: tool, value: tool, checked: proposals.targets.includes(tool)}))
      return prompts.choose({message: 'Target tools', choices, required: true})
    }
    if (proposals.targets.length === 0 || !flags.yes) throw missing('--target', flags)
    return proposals.targets
  }

  async function origin(chosen: ToolName[]): Promise<ToolName | undefined> {
    const [first] = chosen
    if (flags.origin !== undefined) {
      if (!chosen.includes(flags.origin)) throw failure('USAGE', {message: '--origin must be one of the targets'})
      return flags.origin
    }
    if (!ask || chosen.length <= 1) return first
    const choices = chosen.map((tool) => ({name: tool, value: tool}))
    return prompts.select({message: 'Primary target (origin): the tool this package was originally made for', choices})
  }

  const name = await text('name', {
    message: 'Package name (@scope/name)',
    proposal: proposals.name,
    isRequired: true,
    problem: packageNameProblem,
  })
  const version = await text('package-version', {message: 'Version', proposal: '0.1.0', problem: versionProblem})
  const kind = await type()
  const description = await text('description', {message: 'Description', proposal: ''})
  const license = await text('license', {message: 'License', proposal: 'MIT'})
  const keywords = await text('keywords', {message: 'Keywords (comma-separated)', proposal: ''})
  const chosen = kind === 'project' ? [] : await targets()
  return {
    ...{name, version, type: kind, description, license},
    keywords: [...new Set(keywords.split(',').map((each) => each.trim()))].filter((each) => each !== ''),
    targets: chosen,
    origin: await origin(chosen),
  }
}

function missing(flag: string, {yes}: InitFlags) {
  const supply = `pass ${flag}`
  if (yes) {
    const missing = `${flag} is required: --yes has no default for it`
    return failure('INPUT_MISSING', {missing, because: false, supply})
  }
  const suggestions = ['pass --yes to accept the defaults']
  return failure('INPUT_MISSING', {missing: `${flag} was not given`, supply, suggestions})
}
