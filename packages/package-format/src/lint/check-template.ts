import {definitionTemplates, textOf} from '../conversion.js'
import {positionOf} from './check-frontmatter.js'
import {finding, type Finding} from './finding.js'
import type {LintedDefinition} from './linted-definition.js'

/** Finds what `apkg init` wrote and the author has not replaced. */
export function checkTemplate({type, file, markdown}: LintedDefinition): Finding[] {
  const {description, body} = definitionTemplates[type]
  const findings: Finding[] = []
  if (markdown.frontmatter?.['description'] === description) {
    const message = "`description` is still the template's text. Tools use it to decide when to load this file"
    findings.push(finding('template-text', file.path, message, positionOf('description', file)))
  }
  const lines = textOf(file).split(/\r?\n/)
  const index = lines.findIndex((line, at) => line.trimEnd() === body && !isInFence(lines.slice(0, at)))
  if (index !== -1) {
    const message = "This line is still the template's text. Replace it with your own"
    findings.push(finding('template-text', file.path, message, {line: index + 1, column: 1}))
  }
  return findings
}

/** Whether a block of code is open after these lines. Texts in one are examples. */
function isInFence(lines: readonly string[]): boolean {
  return lines.filter((line) => /^ {0,3}(?:```|~~~)/.test(line)).length % 2 === 1
}
