import {Composer, Parser, type CST, type Document} from 'yaml'

/** Why a text isn't YAML. */
class Problem extends Error {
  constructor(
    message: string,
    /** In the text. */
    readonly offset: number,
    readonly isWarning = false,
  ) {
    super(message)
  }
}

/** In characters. YAML in packages is untrusted, and nothing longer is written by hand. */
export const maxYamlLength = 32 * 1024

/** Nested collections. The parser is recursive, and a few thousand levels would crash the process. */
export const maxYamlDepth = 32

/**
 * Parses YAML of one document, and stops at the first problem. The library's own function collects all problems, and
 * creating an error for each character of a hostile text takes seconds.
 *
 * @returns undefined if the text has any error or warning.
 */
export function parseYaml(text: string): Document | undefined {
  const parsed = compose(text)
  return parsed instanceof Problem ? undefined : parsed
}

/** Why YAML parsers refuse a text. */
export interface YamlProblem {
  /** Of the library, without a period. */
  message: string
  /** In the text. */
  offset: number
}

/** The first error in a text; undefined if it's valid YAML, even with features that packages can't use. */
export function yamlProblem(text: string): YamlProblem | undefined {
  const parsed = compose(text)
  if (!(parsed instanceof Problem) || parsed.isWarning) return undefined
  return {message: parsed.message, offset: parsed.offset}
}

function compose(text: string): Document | Problem {
  const composer = new Composer({logLevel: 'silent', prettyErrors: false, resolveKnownTags: false})
  // The library catches what is thrown in a collection, and reports it again for the collection around it.
  let first: Problem | undefined
  Object.assign(composer, {
    onError(source: ErrorSource, _code: string, message: string, isWarning = false) {
      first ??= new Problem(message, offsetOf(source), isWarning)
      throw first
    },
  })
  try {
    const [document, ...others] = composer.compose(withoutErrors(new Parser().parse(text)), true, text.length)
    const [problem] = [...(document?.errors ?? []), ...(document?.warnings ?? [])]
    if (document && !problem && others.length === 0) return document
    return new Problem(problem?.message ?? 'it has more than one document', problem?.pos[0] ?? 0)
  } catch (error) {
    if (error instanceof Problem) return error
    if (error instanceof RangeError) return new Problem('it is nested too deeply', 0)
    throw error
  }
}

/** The position of an error, as the library passes it to its error handler. */
type ErrorSource = number | readonly [number, number] | {offset: number}

function offsetOf(source: ErrorSource): number {
  if (typeof source === 'number') return source
  return 'offset' in source ? source.offset : source[0]
}

function* withoutErrors(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    if (token.type === 'error') throw new Problem(token.message, token.offset)
    yield token
  }
}

/** Whether collections are nested too deeply to be parsed. Also counts brackets in strings and comments, where so many are just as unlikely. */
export function isTooDeep(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > maxYamlDepth) return true
  }
  return compactNesting.test(text)
}

/** Lists of lists on one line, `- - - a`, and mappings as keys, `? ? a`. */
const compactNesting = new RegExp(String.raw`(?:[-?:][ \t]+){${maxYamlDepth}}`)
