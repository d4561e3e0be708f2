#!/usr/bin/env node
/**
 * Builds, then runs the tests: `npm test [-- [--no-build] [part of a path …] [node option …]]`.
 *
 *     npm test -- wire                         the test files whose path contains "wire"
 *     npm test -- --test-name-pattern=revoke   the tests whose title matches
 */
import {spawnSync} from 'node:child_process'
import {readdirSync} from 'node:fs'
import {join} from 'node:path'

import {build, filesBelow, root} from './workspace.js'

/** Where tests live, and how their names end. `node --test` knows no globs on Node 20. */
const places = [
  ['test', '.test.ts'],
  ...readdirSync(join(root, 'packages')).map((name) => [`packages/${name}/test`, '.test.ts']),
  ['tools', '.test.js'],
]

const testFiles = () =>
  places.flatMap(([folder, ending]) =>
    filesBelow(join(root, folder))
      .filter((path) => path.endsWith(ending) && !/(^|\/)(node_modules|fixtures)\//.test(path))
      .map((path) => `${folder}/${path}`),
  )

/** Tests see the machine's environment without what would steer the program under test. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('APKG_') && name !== 'NO_COLOR'))

const given = process.argv.slice(2)
const options = given.filter((each) => each.startsWith('-') && each !== '--no-build')
const parts = given.filter((each) => !each.startsWith('-'))
const files = testFiles().filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
if (files.length === 0) {
  console.error(`The path of no test file contains ${parts.map((part) => `\`${part}\``).join(' or ')}.`)
  process.exit(2)
}

if (!given.includes('--no-build')) build()

// Most tests wait for a process or a socket, so two at a time pay even on one core.
const runner = ['--import', 'tsx', '--test', '--test-reporter=spec', '--test-concurrency=2']
const {status, signal} = spawnSync(process.execPath, [...runner, ...options, ...files], {
  cwd: root,
  env: environment(),
  stdio: ['ignore', 'inherit', 'inherit'],
})
process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 1)
