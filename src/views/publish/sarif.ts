import path from 'node:path'
import {pathToFileURL} from 'node:url'

import {rules} from '@apkg/package-format/lint'

import type {LintResult} from '../../publish/lint/lint-folder.js'

/** Where the rules are documented. */
const rulesPage = 'https://github.com/apkg-ai/apkg/blob/main/docs/lint.md'

/**
 * The findings as SARIF 2.1.0, for code scanning.
 *
 * @param root to which the paths of files are relative, absolute: the root of the git repository.
 * @param version of apkg.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({directory, findings}: LintResult, {root, version}: {root: string; version: string}): string {
  const ids = Object.keys(rules)
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'apkg',
            semanticVersion: version,
            informationUri: 'https://github.com/apkg-ai/apkg',
            rules: Object.entries(rules).map(([id, {severity, summary}]) => ({
              id,
              shortDescription: {text: summary},
              helpUri: `${rulesPage}#rules`,
              defaultConfiguration: {level: severity},
            })),
          },
        },
        originalUriBaseIds: {'%SRCROOT%': {uri: `${pathToFileURL(root).href}/`}},
        columnKind: 'unicodeCodePoints',
        results: findings.map(({rule, severity, path: file, line, column, message}) => ({
          ruleId: rule,
          ruleIndex: ids.indexOf(rule),
          level: severity,
          message: {text: message},
          locations: [
            {
              physicalLocation: {
                artifactLocation: {uri: uriOf(path.relative(root, path.join(directory, file))), uriBaseId: '%SRCROOT%'},
                region: {startLine: line, startColumn: column},
              },
            },
          ],
        })),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function uriOf(relative: string): string {
  return relative.split(path.sep).map(encodeURIComponent).join('/')
}
