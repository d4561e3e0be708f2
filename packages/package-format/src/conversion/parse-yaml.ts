import {Composer, Parser, type CST, type Document} from 'yaml'

class Problem extends Error {}

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
  const composer = new Composer({logLevel: 'silent', prettyErrors: false, resolveKnownTags: false})
  Object.assign(composer, {
    onError() {
      throw new Problem()
    },
  })
  try {
    const [document, ...others] = composer.compose(withoutErrors(new Parser().parse(text)), true, text.length)
    const isClean = document?.errors.length === 0 && document.warnings.length === 0 && others.length === 0
    return isClean ? document : undefined
  } catch (error) {
    if (error instanceof Problem || error instanceof RangeError) return undefined
    throw error
  }
}

function* withoutErrors(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    if (token.type === 'error') throw new Problem()
    yield token
  }
}

/** Whether collections are nested too deep to be parsed. Also counts brackets in strings and comments, where so many are just as unlikely. */
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
