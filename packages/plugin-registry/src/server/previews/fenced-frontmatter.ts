import {parseMarkdown} from '@apkg/package-format/conversion'

/** The Markdown of a definition, with its frontmatter as a code block. */
export function fencedFrontmatter(text: string): string {
  const {frontmatter, body} = parseMarkdown(text)
  if (frontmatter === undefined) return text
  const head = text.slice(0, text.length - body.length)
  const lines = head.split(/\r?\n/)
  const fields = lines.slice(lines.findIndex(isRule) + 1, lines.findLastIndex(isRule))
  // A fence ends at one of the same length.
  const longest = Math.max(2, ...fields.map((line) => /^\s*(`*)/.exec(line)?.[1]?.length ?? 0))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}yaml`, ...fields, fence, '', body].join('\n')
}

function isRule(line: string): boolean {
  return /^\uFEFF*[ \t]*---[ \t]*$/.test(line)
}
