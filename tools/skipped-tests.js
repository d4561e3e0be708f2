#!/usr/bin/env node
/**
 * Lists the tests that were skipped, by reason. Fails if a reason isn't in `.ci/may-skip.txt`.
 *
 *     node tools/skipped-tests.js DIRECTORY     which had the lists that tools/test.js writes to TEST_SKIPPED
 */
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {fail, root} from './workspace.js'

/** The titles of the skipped tests, by reason. A test that ran several times is listed once. */
function skippedTests(folder) {
  const found = new Map()
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)) {
      const {name, reason} = JSON.parse(line)
      found.set(reason, (found.get(reason) ?? new Set()).add(name))
    }
  }
  return found
}

function allowedReasons() {
  const lines = readFileSync(join(root, '.ci/may-skip.txt'), 'utf8').split('\n')
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))
}

const [folder] = process.argv.slice(2)
if (folder === undefined) fail('Usage: node tools/skipped-tests.js DIRECTORY')
const allowed = allowedReasons()
const skipped = skippedTests(folder)
for (const [reason, names] of skipped) {
  console.log(`${reason === '' ? 'no reason given' : reason}${allowed.has(reason) ? '' : ' (NOT ALLOWED)'}:`)
  for (const name of names) console.log(`  - ${name}`)
}
if (skipped.size === 0) console.log('No test was skipped.')
const refused = [...skipped.keys()].filter((reason) => !allowed.has(reason))
if (refused.length > 0) {
  fail(
    'Tests were skipped for a reason that is not in .ci/may-skip.txt. Remove the reason on this machine, or add it there.',
  )
}
