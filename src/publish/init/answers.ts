import {failure, isInteractive, type Ports} from '@apkg/command-kit'
import {packageNameProblem, packageTypes, versionProblem} from '@apkg/package-format'

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
  /** Empty if the package is for all tools. */
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
    if (!ask && isRequired && !flags.yes) throw missing(`--${flag}`)
    if (!ask) return proposal
    const validate = (answer: string) => {
      const wrong = problem?.(answer)
      return wrong === undefined || `It ${wrong}.`
    }
    return prompts.text({message, default: proposal, validate})
  }

  async function type(): Promise<PackageType> {
    if (flags.type !== undefined) return flags.type
    if (!ask && !flags.yes) throw missing('--type')
    if (!ask) return 'project'
    const choices = packageTypes.map((each) => ({name: each, value: each}))
    return prompts.select({message: 'Package type', choices, default: 'project'})
  }

  function origin(targets: readonly ToolName[]): ToolName | undefined {
    if (flags.origin !== undefined && targets.length > 0 && !targets.includes(flags.origin)) {
      throw failure('USAGE', {
        message: '--origin must be one of the targets',
        suggestions: ['add it with --target, or leave out --origin'],
      })
    }
    return flags.origin ?? targets[0]
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
  const targets = kind === 'project' ? [] : (flags.target ?? [])
  return {
    ...{name, version, type: kind, description, license},
    keywords: [...new Set(keywords.split(',').map((each) => each.trim()))].filter((each) => each !== ''),
    targets,
    origin: origin(targets),
  }
}

function missing(flag: string) {
  const suggestions = ['pass --yes to accept the defaults']
  return failure('INPUT_MISSING', {missing: `${flag} was not given`, supply: `pass ${flag}`, suggestions})
}
