#!/usr/bin/env node
/**
 * Builds, then runs tests. See docs/testing.md.
 *
 *     npm test                                       all tests except the slow ones
 *     npm test -- wire                               the files whose path contains "wire", including slow ones
 *     npm test -- --test-name-pattern=revoke         the tests whose title matches
 *     npm run test:slow                              the slow tests, group by group
 *     npm run test:slow -- kills                     one group
 *
 * `--no-build` skips the build; `--groups` prints the names of the slow groups. With TEST_SKIPPED, each run writes the tests
 * that it skipped to a file in that directory, for `skipped-tests.js`.
 */
import {spawnSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'

import {compiledPath, compileTests, testFolders} from './compile-tests.js'
import {groupOf, slowGroups} from './slow-groups.js'
import {writeBatches} from './test-batches.js'
import {layOutTestRelease} from './test-release.js'
import {build, fail, filesBelow, root} from './workspace.js'

const testFiles = () =>
  [...testFolders, 'tools'].flatMap((folder) =>
    filesBelow(join(root, folder))
      .filter((path) => /\.test\.[jt]s$/.test(path) && !/(^|\/)(node_modules|fixtures)\//.test(path))
      .map((path) => `${folder}/${path}`),
  )

/** Returns the environment without the variables that affect apkg. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('APKG_') && name !== 'NO_COLOR'))

/**
 * @param files compiled files, relative to the root
 * @returns the exit code, and the time in seconds
 */
function run(files, options) {
  // Most tests wait for a process or a socket, so running two files at a time is faster even on one core.
  const runner = ['--enable-source-maps', '--test', '--test-reporter=spec', '--test-concurrency=2']
  const {TEST_SKIPPED: skipped} = process.env
  if (skipped) {
    const reporter = `--test-reporter=${pathToFileURL(join(root, 'tools/skipped-reporter.js'))}`
    const destination = `--test-reporter-destination=${join(skipped, randomUUID())}`
    runner.push('--test-reporter-destination=stdout', reporter, destination)
  }
  const began = performance.now()
  const {status, signal} = spawnSync(process.execPath, [...runner, ...options, ...files], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (signal === 'SIGINT') process.exit(130)
  return {code: status ?? 1, seconds: Math.round((performance.now() - began) / 1000)}
}

function runGroups(names, options) {
  const unknown = names.find((name) => !Object.hasOwn(slowGroups, name))
  if (unknown) fail(`Unknown group: ${unknown}\nGroups: ${Object.keys(slowGroups).join(', ')}`)
  const lines = []
  for (const name of names.length > 0 ? names : Object.keys(slowGroups)) {
    console.log(`\n${name}: ${slowGroups[name]}`)
    const files = testFiles().filter((path) => groupOf(path) === name)
    // Without files, Node.js would run every test that it finds.
    if (files.length === 0) fail(`The group ${name} has no tests.`)
    const {code, seconds} = run(files.map(compiledPath), options)
    if (code !== 0) process.exitCode = 1
    lines.push(`${String(seconds).padStart(5)} s  ${name}${code === 0 ? '' : '  FAILED'}`)
  }
  console.log(`\n${lines.join('\n')}`)
}

function runFiles(parts, options) {
  const files = testFiles().filter((path) =>
    parts.length > 0 ? parts.some((part) => path.includes(part)) : groupOf(path) === undefined,
  )
  if (files.length === 0) fail(`No path of a test file contains ${parts.map((part) => `\`${part}\``).join(' or ')}.`)
  const {code, seconds} = run(parts.length > 0 ? files.map(compiledPath) : writeBatches(files), options)
  process.exitCode = code
  if (parts.length > 0) return
  const groups = Object.keys(slowGroups)
  console.log(
    `${seconds} s. Not run: ${groups.length} slow groups (${groups.join(', ')}); run them with \`npm run test:slow\`.`,
  )
}

const given = process.argv.slice(2)
const ours = ['--no-build', '--slow', '--groups']
const options = given.filter((each) => each.startsWith('-') && !ours.includes(each))
const names = given.filter((each) => !each.startsWith('-'))

if (given.includes('--groups')) {
  console.log(Object.keys(slowGroups).join('\n'))
} else {
  if (!given.includes('--no-build')) build()
  await compileTests()
  if (!process.env.TEST_APKG_BIN) await layOutTestRelease()
  if (given.includes('--slow')) runGroups(names, options)
  else runFiles(names, options)
}
