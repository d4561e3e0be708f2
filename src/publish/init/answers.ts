import {failure, isInteractive, type Ports} from '@apkg/command-kit'
import {keywordsProblem, publishedNameProblem, packageTypes, textProblem, versionProblem} from '@apkg/package-format'
import {placeholderScope} from '@apkg/package-format/conversion'

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
}

type TextFlag = 'name' | 'package-version' | 'description' | 'license' | 'keywords'

/**
 * Gathers the content of a manifest from flags, prompts on a terminal, or else the proposals.
 *
 * @throws {ApkgError} before the first prompt: `INPUT_MISSING` with the flags, without a terminal and `--yes`; `USAGE` for
 *   an invalid flag.
 */
export async function gatherAnswers(
  flags: InitFlags,
  proposals: Proposals,
  ports: Pick<Ports, 'stdin' | 'stderr' | 'prompts'>,
): Promise<Answers> {
  const {prompts} = ports
  const ask = !flags.yes && isInteractive(ports)
  const scopedName = (name: string) => withScope(name, proposals)
  assertValid(flags, scopedName)
  // The proposals for these are too much of a guess to be used without asking.
  const missing = (['name', 'type'] as const).filter((flag) => flags[flag] === undefined)
  if (!ask && !flags.yes && missing.length > 0) throw notGiven(missing)
  const targets = flags.target ?? []

  async function text(flag: TextFlag, {message, proposal}: Question): Promise<string> {
    const given = flags[flag]
    if (given !== undefined) return given
    if (!ask) return proposal
    const validate = (answer: string) => {
      const wrong = problemOf[flag]?.(answer.trim())
      const scoped = flag === 'name' ? scopedName(answer.trim()) : undefined
      return wrong === undefined || `It ${wrong}.${scoped === undefined ? '' : ` Did you mean ${scoped}?`}`
    }
    return (await prompts.text({message, default: proposal, validate})).trim()
  }

  async function type(): Promise<PackageType> {
    if (flags.type !== undefined) return flags.type
    if (!ask) return proposals.found?.type ?? 'project'
    const choices = packageTypes
      .filter((each) => each !== 'project' || targets.length === 0)
      .map((each) => ({name: `${each.padEnd(typeWidth)}  ${purposes[each]}`, value: each}))
    const proposed = proposals.found?.type ?? (targets.length === 0 ? 'project' : 'skill')
    return prompts.select({message: 'Package type', choices, default: proposed})
  }

  const kind = await type()
  const name = await text('name', {message: 'Package name (@scope/name)', proposal: proposals.name})
  const version = await text('package-version', {message: 'Version', proposal: '0.1.0'})
  const proposal = proposals.found?.description ?? ''
  const description = await text('description', {message: 'Description', proposal})
  const license = await text('license', {message: 'License', proposal: 'MIT'})
  const keywords = await text('keywords', {message: 'Keywords (comma-separated)', proposal: ''})
  return {
    ...{name, version, type: kind, description, license},
    keywords: keywordsIn(keywords),
    targets,
    origin: flags.origin ?? targets[0],
  }
}

/** What a package of each type is for. */
const purposes: Readonly<Record<PackageType, string>> = {
  project: 'uses packages, and is not published',
  skill: 'instructions that tools load when they need them',
  agent: 'a subagent with its own instructions',
  command: 'a prompt that users start by name',
  rule: 'instructions that always apply, or to some files',
  'mcp-server': 'the configuration of an MCP server',
  prompt: 'a text for other programs',
  config: 'settings for other programs',
  library: 'files for other packages',
  composite: 'a collection of other packages',
}

const typeWidth = Math.max(...packageTypes.map((each) => each.length))

/** Each once, in the order of the text. */
function keywordsIn(text: string): string[] {
  return [...new Set(text.split(',').map((each) => each.trim()))].filter((each) => each !== '')
}

const problemOf: Readonly<Partial<Record<TextFlag, (text: string) => string | undefined>>> = {
  name: publishedNameProblem,
  'package-version': versionProblem,
  description: textProblem,
  license: textProblem,
  keywords: (text) => keywordsProblem(keywordsIn(text)),
}

/** The name with the user's scope; undefined without a login, or if the name is invalid for another reason. */
function withScope(name: string, proposals: Proposals): string | undefined {
  const [scope = ''] = proposals.name.split('/')
  const scoped = `${scope}/${name}`
  return scope === placeholderScope || publishedNameProblem(scoped) !== undefined ? undefined : scoped
}

/** @throws {ApkgError} `USAGE` */
function assertValid(flags: InitFlags, scopedName: (name: string) => string | undefined): void {
  for (const [flag, problem] of Object.entries(problemOf) as [TextFlag, (text: string) => string | undefined][]) {
    const given = flags[flag]
    const reason = given === undefined ? undefined : problem(given)
    if (reason === undefined) continue
    const scoped = flag === 'name' && given !== undefined ? scopedName(given) : undefined
    throw failure('USAGE', {
      message: `--${flag} ${reason}`,
      ...(scoped !== undefined && {suggestions: [`did you mean \`--name ${scoped}\`?`]}),
    })
  }
  const {type = flags.yes ? 'project' : undefined, target = [], origin} = flags
  if (type === 'project' && target.length > 0) {
    throw failure('USAGE', {
      message: '--target limits a package to tools, and a project is not a package',
      suggestions: ['pass another --type', "list the project's tools as `tools` in apkg.json"],
    })
  }
  if (origin !== undefined && target.length > 0 && !target.includes(origin)) {
    throw failure('USAGE', {
      message: '--origin must be one of the targets',
      suggestions: ['add it with --target, or leave out --origin'],
    })
  }
}

function notGiven(names: readonly string[]) {
  const flags = names.map((name) => `--${name}`).join(' and ')
  return failure('INPUT_MISSING', {
    missing: `${flags} ${names.length > 1 ? 'were' : 'was'} not given`,
    supply: `pass ${flags}`,
    suggestions: ['pass --yes to accept the defaults'],
  })
}
