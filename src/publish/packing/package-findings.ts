import {printable} from '@apkg/command-kit'
import type {PackageFile} from '@apkg/package-format/conversion'
import type {Finding, LintedManifest} from '@apkg/package-format/lint'

import {failure} from '../failures.js'

/** Checks what tools would get from a package. @param files those that are packed. */
export async function packageFindings(manifest: LintedManifest, files: readonly PackageFile[]): Promise<Finding[]> {
  const {lintPackage} = await import('@apkg/package-format/lint')
  return lintPackage(manifest, files)
}

/**
 * Refuses a package that no tool could read or run.
 *
 * @throws {ApkgError} `DEFINITION_MISSING`, `DEFINITION_INVALID`, `PACKAGE_INVALID`.
 */
export function assertWithoutErrors(findings: readonly Finding[]): void {
  const errors = findings.filter(({severity}) => severity === 'error')
  const [first] = errors
  if (!first) return
  const {rule, path, line, message} = first
  if (rule === 'definition-missing') throw failure('DEFINITION_MISSING', {reason: message})
  if (rule === 'frontmatter-invalid' && errors.length === 1) {
    throw failure('DEFINITION_INVALID', {reason: printable(message), path: printable(path), line})
  }
  throw failure('PACKAGE_INVALID', {problems: errors.map(withPlace)})
}

/** The texts that `apkg init` wrote and the author has not replaced, one printable clause each. */
export function templateTextsIn(findings: readonly Finding[]): string[] {
  return findings.filter(({rule}) => rule === 'template-text').map(withPlace)
}

/** The warnings among findings, one printable sentence each. */
export function warningsIn(findings: readonly Finding[]): string[] {
  return findings.filter(({severity}) => severity === 'warning').map((each) => `${withPlace(each)}${period(each)}`)
}

function withPlace({path, line, message}: Finding): string {
  return printable(`${path}, line ${line}: ${message}`)
}

function period({message}: Finding): string {
  return message.endsWith('?') ? '' : '.'
}
