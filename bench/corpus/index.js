// Shows how each tool would get real definitions.
//
// npm run bench:corpus -- <folder of checkouts> [--released 5]
//
// Finds the skills, agents, commands and rules of each checkout, converts each as a separate package, and compares the
// files with their source. Prints a table per kind and one per checkout, why definitions are refused, and everything that is
// changed, lost or widened, which must be nothing.
//
// With `--released`, the released command also packs, publishes, installs and sets up that many definitions of each kind and
// checkout, and the files that it writes are judged in the same way. Needs the npm registry to install the release.
import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {parseArgs} from 'node:util'

import {
  convertPackage,
  DefinitionProblem,
  findDefinitions,
  flatName,
  toolConfigurationIn,
  toolFormats,
} from '@apkg/package-format/conversion'

import {setUpWithRelease} from './released.js'
import {faults, noVerdicts, verdictOf} from './verdict.js'

const {positionals, values} = parseArgs({
  allowPositionals: true,
  options: {released: {type: 'string', default: '0'}},
})
const [root] = positionals
if (root === undefined) throw new Error('usage: npm run bench:corpus -- <folder of checkouts> [--released 5]')

const maxFiles = 500
const maxSize = 1024 * 1024
/** Documents in any language or version. Everything else that the conversion doesn't find is lost. */
const documents = [
  /^(readme|changelog|contributing|security|code[_-]of[_-]conduct|licen[cs]e|agents|claude|gemini)([._-]([a-z]{2}|\d)[\w.-]{0,6})?\.mdc?$/i,
  /^notice/i,
  /^(README|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT|LICENSE)[._-]/,
]

const seen = new Set()
const unreadable = []
const findings = []
/** By kind, then tool, then verdict. */
let counts = {}
/** By checkout, then verdict. */
let checkouts = {}
/** How often each reason for a refusal occurs. */
const reasons = new Map()
/** The definitions to convert with the released command too, by checkout and kind. */
const samples = {}

for (const collection of readdirSync(root).sort()) {
  for (const {type, name, files} of definitionsIn(path.join(root, collection))) {
    const key = `${type} ${files.map(({content}) => content.toString('base64')).join()}`
    if (seen.has(key)) continue
    seen.add(key)
    judge(type, collection, name, files)
    ;(samples[`${collection} ${type}`] ??= []).push({type, collection, name, files})
  }
}
print('converted in process')
if (values.released !== '0') {
  counts = {}
  checkouts = {}
  reasons.clear()
  unreadable.length = 0
  await judgeReleased(Object.values(samples).flatMap((each) => pick(each, Number(values.released))))
  print('published, installed and set up by the release')
}
process.exitCode = findings.length > 0 ? 1 : 0

function print(how) {
  for (const [type, tools] of Object.entries(counts)) {
    console.log(`\n${type}, ${how}\n`)
    console.table(tools)
  }
  console.log(`\ncheckouts, ${how}\n`)
  console.table(checkouts)
  console.log('\nreasons for refusals\n')
  for (const [reason, count] of [...reasons].sort(([, a], [, b]) => b - a)) console.log(`${count}\t${reason}`)
  console.log(`\n${unreadable.length} definitions can't be packed, or read by any tool:`)
  for (const each of unreadable) console.log(`  ${each}`)
  console.log(`\n${findings.length} changed, lost or widened:`)
  for (const each of findings) console.log(`  ${each}`)
}

/** The first ones by digest, so that they come from anywhere in the checkout and are the same in every run. */
function pick(all, count) {
  const digest = ({name}) => createHash('sha256').update(name).digest('hex')
  return all.sort((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, count)
}

async function judgeReleased(chosen) {
  for (const {sample, refused, conversions} of await setUpWithRelease(chosen, toolFormats)) {
    const {type, collection, name, files} = sample
    const checkout = checkoutOf(collection)
    if (refused !== undefined) {
      unreadable.push(`${collection}/${name}: ${refused}`)
      checkout.unreadable++
      continue
    }
    const source = sourceOf(type, files).files
    const [definition] = findDefinitions(type, source)
    for (const tool of toolFormats) {
      const outcome = verdictOf(type, definition, conversions.get(tool.name), tool, source)
      count(outcome, {type, collection, name: `${collection}/${name}`, tool})
    }
  }
}

function checkoutOf(collection) {
  const checkout = (checkouts[collection] ??= {definitions: 0, unreadable: 0, ...noVerdicts()})
  checkout.definitions++
  return checkout
}

function count({verdict, why}, {type, collection, name, tool}) {
  counts[type] ??= {}
  counts[type][tool.title] ??= noVerdicts()
  counts[type][tool.title][verdict]++
  checkouts[collection][verdict]++
  if (verdict === 'refused') reasons.set(why, (reasons.get(why) ?? 0) + 1)
  if (faults.includes(verdict)) findings.push(`${tool.name} ${name}: ${verdict}, ${why}`)
}

/** The files that are packed, and those that never are. */
function sourceOf(type, given) {
  const {top, nested} = toolConfigurationIn(
    given.map((each) => each.path),
    type,
  )
  return {nested, files: given.filter((each) => !top.includes(each.path))}
}

function judge(type, collection, file, given) {
  const name = `${collection}/${file}`
  const checkout = checkoutOf(collection)
  const {nested, files} = sourceOf(type, given)
  if (nested.length > 0) {
    unreadable.push(`${name}: it contains tool configuration: ${nested.join(', ')}`)
    checkout.unreadable++
    return
  }
  let definitions
  try {
    definitions = findDefinitions(type, files)
  } catch (error) {
    if (!(error instanceof DefinitionProblem)) throw error
    unreadable.push(`${name}: ${error.message}`)
    checkout.unreadable++
    return
  }
  const source = {
    name: '@corpus/each',
    version: '1.0.0',
    type,
    description: 'Each.',
    flatName: flatName('@corpus/each'),
  }
  for (const tool of toolFormats) {
    const [conversion] = convertPackage({...source, files, definitions}, [tool])
    count(verdictOf(type, definitions[0], conversion, tool, files), {type, collection, name, tool})
  }
}

/** The definitions of a checkout, each with the files of its own package. */
function* definitionsIn(folder) {
  const all = filesIn(folder, '')
  for (const file of all) {
    const name = path.posix.basename(file)
    if (name === 'SKILL.md') {
      const base = path.posix.dirname(file)
      const own = all.filter((each) => base === '.' || each.startsWith(`${base}/`))
      if (own.length > maxFiles) continue
      yield {
        type: 'skill',
        name: file,
        files: own.map((each) => read(folder, each, base === '.' ? each : each.slice(base.length + 1))),
      }
      continue
    }
    const type = typeOf(file)
    if (type === undefined || documents.some((each) => each.test(name))) continue
    yield {type, name: file, files: [read(folder, file, `${type}s/${name}`)]}
  }
}

function typeOf(file) {
  if (/\.mdc$|\.instructions\.md$/.test(file)) return 'rule'
  if (/\.agent\.md$/.test(file)) return 'agent'
  if (/\.prompt\.md$/.test(file)) return 'command'
  const [, folder] = /(?:^|\/)(agents|commands|rules)\/(?:[^/]+\/)?[^/]+\.md$/.exec(file) ?? []
  return folder?.slice(0, -1)
}

function filesIn(folder, below) {
  return readdirSync(path.join(folder, below), {withFileTypes: true}).flatMap((entry) => {
    const file = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.name === '.git' || entry.name === 'node_modules') return []
    if (entry.isDirectory()) return filesIn(folder, file)
    return entry.isFile() && statSync(path.join(folder, file)).size <= maxSize ? [file] : []
  })
}

function read(folder, file, as) {
  const full = path.join(folder, file)
  return {path: as, content: readFileSync(full), isExecutable: (statSync(full).mode & 0o100) !== 0}
}
