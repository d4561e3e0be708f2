// Shows how each tool would get real definitions.
//
// npm run bench:corpus -- <folder of checkouts>
//
// Finds the skills, agents, commands and rules of each checkout, converts each as a package of its own, and compares the
// files with their source. Prints a table per kind and one per checkout, why definitions are refused, and everything that is
// changed or widened, which must be nothing.
import {readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {parseArgs} from 'node:util'

import {parse as parseToml} from 'smol-toml'

import {
  convertPackage,
  DefinitionProblem,
  findDefinitions,
  flatName,
  toolConfigurationIn,
  toolFormats,
} from '@apkg/package-format/conversion'

import {fieldsIn, widening} from './widening.js'

const {positionals} = parseArgs({allowPositionals: true})
const [root] = positionals
if (root === undefined) throw new Error('usage: npm run bench:corpus -- <folder of checkouts>')

const maxFiles = 500
const maxSize = 1024 * 1024
const verdicts = ['as written', 'narrowed', 'refused', 'changed', 'widened']
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
const counts = {}
/** By checkout, then verdict. */
const checkouts = {}
/** How often each reason for a refusal occurs. */
const reasons = new Map()

for (const collection of readdirSync(root).sort()) {
  for (const {type, name, files} of definitionsIn(path.join(root, collection))) {
    const key = `${type} ${files.map(({content}) => content.toString('base64')).join()}`
    if (seen.has(key)) continue
    seen.add(key)
    judge(type, collection, name, files)
  }
}
for (const [type, tools] of Object.entries(counts)) {
  console.log(`\n${type}\n`)
  console.table(tools)
}
console.log('\ncheckouts\n')
console.table(checkouts)
console.log('\nreasons for refusals\n')
for (const [reason, count] of [...reasons].sort(([, a], [, b]) => b - a)) console.log(`${count}\t${reason}`)
console.log(`\n${unreadable.length} definitions can't be read by any tool:`)
for (const each of unreadable) console.log(`  ${each}`)
console.log(`\n${findings.length} changed or widened:`)
for (const each of findings) console.log(`  ${each}`)
process.exitCode = findings.length > 0 ? 1 : 0

function judge(type, collection, file, given) {
  const name = `${collection}/${file}`
  const checkout = (checkouts[collection] ??= {definitions: 0, unreadable: 0, ...noVerdicts()})
  checkout.definitions++
  const {top, nested} = toolConfigurationIn(
    given.map((each) => each.path),
    type,
  )
  if (nested.length > 0) {
    unreadable.push(`${name}: it contains tool configuration: ${nested.join(', ')}`)
    checkout.unreadable++
    return
  }
  const files = given.filter((each) => !top.includes(each.path))
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
    const {verdict, why} = verdictOf(type, definitions[0], conversion, tool, files)
    counts[type] ??= {}
    counts[type][tool.title] ??= noVerdicts()
    counts[type][tool.title][verdict]++
    checkout[verdict]++
    if (verdict === 'refused') reasons.set(why, (reasons.get(why) ?? 0) + 1)
    if (verdict === 'changed' || verdict === 'widened') findings.push(`${tool.name} ${name}: ${verdict}, ${why}`)
  }
}

function noVerdicts() {
  return Object.fromEntries(verdicts.map((each) => [each, 0]))
}

function verdictOf(type, {file, markdown}, {files, adjustments, refused}, tool, source) {
  if (refused.length > 0) return {verdict: 'refused', why: refused[0].reason}
  const [main] = files
  if (!main) return {verdict: 'changed', why: 'it is lost'}
  const isNoted = adjustments.length > 0
  const origin = {path: file.path, frontmatter: markdown.frontmatter ?? {}, policy: policyIn(source)}
  const why = widening(type, origin, main, {files, tool, isNoted})
  if (why) return {verdict: 'widened', why}
  if (bodyOf(main) !== markdown.body.trim()) return {verdict: 'changed', why: 'its text'}
  const other =
    main.path.endsWith('/SKILL.md') && type !== 'rule' ? changedFile(main, file, files, source) : unexpectedFile(files)
  if (other) return {verdict: 'changed', why: other}
  if (isNoted) return {verdict: 'narrowed'}
  const {description} = fieldsIn(main)
  const isSame =
    description === undefined || oneLine(description) === oneLine(markdown.frontmatter?.description ?? description)
  return isSame ? {verdict: 'as written'} : {verdict: 'changed', why: 'its description'}
}

/** A file that is written although there is one definition. */
function unexpectedFile([, ...more]) {
  return more.length > 0 ? `${more[0].path} is written` : undefined
}

/** What Codex's settings of a skill say about starting it. */
function policyIn(source) {
  const settings = source.find(({path}) => path.toLowerCase() === 'agents/openai.yaml')
  return settings && /^\s+allow_implicit_invocation:\s*(false|no)\b/m.test(String(settings.content)) ? false : undefined
}

/** The text without frontmatter, or the instructions in TOML. */
function bodyOf({path: file, content}) {
  const text = String(content).replace(/^\uFEFF/, '')
  if (file.endsWith('.toml')) return parseToml(text).developer_instructions.trim()
  const [head = ''] = /^(?:\s*\n)?---[ \t]*\r?\n(?:[^]*?\r?\n)??---[ \t]*\r?(?:\n|$)/.exec(text) ?? []
  return text
    .slice(head.length)
    .replace(/^<!-- -->\n/, '')
    .trim()
}

/** A file next to SKILL.md that is missing, or isn't as in the source, or isn't in the source. */
function changedFile(main, definition, files, source) {
  const folder = main.path.slice(0, -'SKILL.md'.length)
  const placed = new Map(files.map((each) => [each.path, each]))
  // Policies and nested skills are rewritten, and judged by their limits.
  const isRewritten = (file) => /^skill\.md$|agents\/openai\.yaml$|\/skill\.md$/i.test(file)
  for (const {path: file, content, isExecutable} of source) {
    const found = placed.get(folder + file)
    placed.delete(folder + file)
    if (file === definition.path || isRewritten(file)) continue
    if (!found) return `${file} is missing`
    if (!Buffer.from(content).equals(Buffer.from(found.content))) return `the content of ${file}`
    if (isExecutable !== (found.isExecutable ?? false)) return `the execute bit of ${file}`
  }
  const more = [...placed.keys()].find((file) => !isRewritten(file.slice(folder.length)))
  return more && `${more} is written`
}

function oneLine(text) {
  return String(text).replaceAll(/\s+/g, ' ').trim()
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
