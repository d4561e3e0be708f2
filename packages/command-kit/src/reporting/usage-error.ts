import {stripVTControlCharacters} from 'node:util'

import {type ApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import type {Mistyped} from '../errors/failure-row.js'
import {withoutFraming} from './parser-framing.js'
import {relationProblems, valueProblem} from './parser-sentences.js'

/** An error of oclif's parser, recognized by its fields because plugins can have their own copy of oclif. */
type ParserError = Error & {flags?: unknown; args?: unknown; parse?: unknown}

interface FlagDefinition {
  aliases?: readonly string[]
  hidden?: boolean
  options?: readonly string[]
  required?: boolean
}

interface ArgDefinition {
  name: string
  options?: readonly string[]
}

/** The start of oclif's message about missing and conflicting flags, which contains colors. */
const combinedMessage = /^The following errors? occurred:\s*/

/** Rewrites an error of oclif's parser. oclif quotes the values of invalid flags, which could be secrets. */
export function usageError(thrown: ParserError): ApkgError {
  return failure('USAGE', describe(thrown))
}

interface Description {
  message: string
  suggestions?: string[]
  mistyped?: Mistyped | undefined
}

function describe(thrown: ParserError): Description {
  const {flags, args, parse} = thrown
  if (Array.isArray(flags)) return unknownFlags(flags.map(String), parse)
  if (Array.isArray(args) && args.every(isArgDefinition)) return missingArgs(args)
  const message = withoutFraming(stripVTControlCharacters(thrown.message))
  if (Array.isArray(args)) return {message, ...labelHint(args.map(String), parse)}
  if (!combinedMessage.test(message)) return {message: valueProblem(message), mistyped: mistypedValue(message)}
  const reasons = message.replace(combinedMessage, '')
  const problems = [...new Set([...missingFlags(parse), ...relationProblems(reasons)])]
  return {message: problems.length > 0 ? problems.join('; ') : reasons.replaceAll(/\n\s*/g, '; ')}
}

function unknownFlags(given: readonly string[], parse: unknown) {
  const names = given.map((flag) => flag.replace(/=.*/s, ''))
  return {
    message: `Unknown flag${names.length > 1 ? 's' : ''}: ${names.join(', ')}`,
    mistyped: {word: names[0] ?? '', known: visibleFlags(parse)},
  }
}

/** Many tools take the name of a new thing as an argument. */
function labelHint([given, ...others]: readonly string[], parse: unknown): {suggestions?: string[]} {
  const {input} = (parse ?? {}) as {input?: {args?: object}}
  const hasLabel = definedFlags(parse).some(([name]) => name === 'label') && !isGiven(parse, 'label')
  const isPlain = given !== undefined && others.length === 0 && /^[\w@.][\w@.-]*$/.test(given)
  if (!hasLabel || !isPlain || Object.keys(input?.args ?? {}).length > 0) return {}
  return {suggestions: [`did you mean \`--label ${given}\`?`]}
}

function visibleFlags(parse: unknown): string[] {
  const visible = definedFlags(parse).filter(([, {hidden}]) => hidden !== true)
  return ['help', ...visible.flatMap(([name, {aliases = []}]) => [name, ...aliases])].map((name) => `--${name}`)
}

function isArgDefinition(arg: unknown): arg is ArgDefinition {
  return typeof arg === 'object' && arg !== null && 'name' in arg && typeof arg.name === 'string'
}

function missingArgs(args: readonly ArgDefinition[]) {
  return {
    message: missing(
      'argument',
      args.map(({name, options}) => withOptions(`<${name}>`, options)),
    ),
  }
}

function missingFlags(parse: unknown): string[] {
  const names = definedFlags(parse)
    .filter(([name, {required}]) => required === true && !isGiven(parse, name))
    .map(([name, {options}]) => withOptions(`--${name}`, options))
  return names.length > 0 ? [missing('flag', names)] : []
}

function missing(what: string, names: readonly string[]): string {
  return names.length > 1
    ? `Missing ${what}s:\n${names.map((name) => `  - ${name}`).join('\n')}`
    : `Missing ${what}: ${names[0]}`
}

function withOptions(name: string, options: readonly string[] | undefined): string {
  return options ? `${name} (one of ${options.join(', ')})` : name
}

/** Parses the message of oclif, because only the message of its error contains the value and the allowed values. */
function mistypedValue(message: string): Mistyped | undefined {
  const [, word, known] = /^Expected (?:--[\w-]+=)?(.*) to be one of: (.*)$/m.exec(message) ?? []
  return word === undefined || known === undefined ? undefined : {word, known: known.split(', ')}
}

function definedFlags(parse: unknown): [string, FlagDefinition][] {
  const {input} = (parse ?? {}) as {input?: {flags?: Record<string, FlagDefinition>}}
  return Object.entries(input?.flags ?? {})
}

function isGiven(parse: unknown, name: string): boolean {
  const {output} = (parse ?? {}) as {output?: {flags?: Record<string, unknown>}}
  return output?.flags?.[name] !== undefined
}
