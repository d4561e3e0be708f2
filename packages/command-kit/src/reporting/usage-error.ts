import {stripVTControlCharacters} from 'node:util'

import {type ApkgError} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import type {Mistyped} from '../errors/failure-row.js'

/** What oclif's errors are told by, whichever copy of it threw them. */
type Thrown = Error & {flags?: unknown; args?: unknown; parse?: unknown}

interface FlagDefinition {
  aliases?: readonly string[]
  exclusive?: readonly unknown[]
  hidden?: boolean
  options?: readonly string[]
  required?: boolean
  summary?: string
}

interface ArgDefinition {
  name: string
  description?: string
  options?: readonly string[]
}

/** How its sentence on flags begins that do not go with each other; it has colors. */
const manyProblems = 'The following error'

/**
 * An error of oclif's parser in our words. What was given with a flag that it refuses may be a secret.
 *
 * @param command what was run, as it is typed behind `apkg`.
 */
export function usageError(thrown: Thrown, command?: string): ApkgError {
  const suggestions = [`see \`apkg help${command === undefined ? '' : ` ${command}`}\``]
  return failure('USAGE', {...wrongUsage(thrown), suggestions})
}

function wrongUsage({flags, args, parse, message}: Thrown): {message: string; mistyped?: Mistyped | undefined} {
  if (Array.isArray(flags)) return flagsUnknown(flags.map(String), parse)
  if (Array.isArray(args) && args.every(isArgDefinition)) return argsMissing(args)
  if (!message.startsWith(manyProblems)) return {message, mistyped: mistypedValue(message)}
  const problems = [...missingFlags(parse), ...contradictions(parse)]
  return {message: problems.length > 0 ? problems.join('; ') : stripVTControlCharacters(message)}
}

function flagsUnknown(given: readonly string[], parse: unknown) {
  const names = given.map((flag) => flag.replace(/=.*/s, ''))
  return {
    message: `Nonexistent flag${names.length > 1 ? 's' : ''}: ${names.join(', ')}`,
    mistyped: {word: names[0] ?? '', known: flagsKnownTo(parse)},
  }
}

function flagsKnownTo(parse: unknown): string[] {
  const present = definedFlags(parse).filter(([, {hidden}]) => hidden !== true)
  return ['help', ...present.flatMap(([name, {aliases = []}]) => [name, ...aliases])].map((name) => `--${name}`)
}

function isArgDefinition(arg: unknown): arg is ArgDefinition {
  return typeof arg === 'object' && arg !== null && 'name' in arg && typeof arg.name === 'string'
}

function argsMissing(args: readonly ArgDefinition[]) {
  const missing = args.map(({name, options, description}) => described(name.toUpperCase(), options, description))
  return {message: allMissing('argument', missing)}
}

function missingFlags(parse: unknown): string[] {
  const missing = definedFlags(parse)
    .filter(([name, {required}]) => required === true && !isGiven(parse, name))
    .map(([name, {options, summary}]) => described(`--${name}`, options, summary))
  return missing.length > 0 ? [allMissing('flag', missing)] : []
}

function allMissing(what: string, missing: readonly string[]): string {
  const [first, ...others] = missing
  if (others.length === 0) return `Missing ${what} ${first}`
  return `Missing ${what}s:\n${missing.map((each) => `  - ${each}`).join('\n')}`
}

/** A name, and the values that it may have, else what it is. */
function described(name: string, options: readonly string[] | undefined, text = ''): string {
  const about = options ? `one of ${options.join(', ')}` : text.replace(/\.$/, '')
  return about === '' ? name : `${name}: ${about}`
}

/** Flags that do not go together, without what they were given. */
function contradictions(parse: unknown): string[] {
  return definedFlags(parse).flatMap(([name, {exclusive = []}]) =>
    exclusive
      .filter((other) => typeof other === 'string')
      .filter((other) => isGiven(parse, name) && isGiven(parse, other))
      .map((other) => `--${name} and --${other} contradict each other`),
  )
}

/** oclif keeps a value, and those that it may be, nowhere but in its sentence. */
function mistypedValue(sentence: string): Mistyped | undefined {
  const [, word, known] = /^Expected (?:--[\w-]+=)?(.*) to be one of: (.*)$/m.exec(sentence) ?? []
  return word === undefined || known === undefined ? undefined : {word, known: known.split(', ')}
}

function definedFlags(parse: unknown): [string, FlagDefinition][] {
  const {input} = (parse ?? {}) as {input?: {flags?: Record<string, FlagDefinition>}}
  return Object.entries(input?.flags ?? {})
}

/** Whether a flag was given; one that has its default was not. */
function isGiven(parse: unknown, name: string): boolean {
  const {output} = (parse ?? {}) as {
    output?: {flags?: Record<string, unknown>; metadata?: {flags?: Record<string, {setFromDefault?: boolean}>}}
  }
  return output?.flags?.[name] !== undefined && output.metadata?.flags?.[name]?.setFromDefault !== true
}
