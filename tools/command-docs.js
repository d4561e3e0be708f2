#!/usr/bin/env node
/**
 * Generates `docs/commands/`, one page per command or topic, from the manifests and schemas of the CLI and the registry
 * plugin. With `--check` it writes nothing and fails if a committed page is out of date.
 */
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {globalFlags} from '@apkg/command-kit/global-flags'

import {outputPages, sharedPage} from './schemas/render.js'
import {fail, filesBelow, root} from './workspace.js'

const folder = join(root, 'docs', 'commands')

/** The index describes the global flags for all commands. */
const isGlobal = (name) => Object.hasOwn(globalFlags, name)

const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

const commands = ['', 'packages/plugin-registry/']
  .flatMap((place) =>
    Object.values(read(`${place}oclif.manifest.json`).commands).map((command) => {
      const schemaPath = `${place}schemas/${command.id.replaceAll(':', '/')}.json`
      return {...command, schemaPath, schema: read(schemaPath)}
    }),
  )
  .filter(({hidden}) => !hidden)
  .sort((a, b) => (a.id < b.id ? -1 : 1))

const output = outputPages(commands.map(({schema}) => schema))

const topics = Object.fromEntries(
  ['', 'packages/plugin-registry/'].flatMap((place) => Object.entries(read(`${place}package.json`).oclif.topics ?? {})),
)

const nameOf = (id) => id.replaceAll(':', ' ')

/** Replaces the placeholders of oclif. */
const filled = (text, {id}) =>
  text.replaceAll('<%= config.bin %>', 'apkg').replaceAll('<%= command.id %>', nameOf(id)).trim()

/** Escapes text for a table cell. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')

const shownArgs = ({args}) => Object.entries(args).filter(([, {hidden}]) => !hidden)

function usage(command) {
  const {id, flags, usage: own} = command
  if (own) {
    const lines = [own].flat().map((each) => `apkg ${filled(each, command)}`)
    return lines.join('\n')
  }
  const words = shownArgs(command).map(([name, {required, multiple}]) => {
    const word = `<${name}>${multiple ? '…' : ''}`
    return required ? word : `[${word}]`
  })
  const required = Object.values(flags)
    .filter((flag) => flag.required)
    .map((flag) => flagName(flag))
  return ['apkg', nameOf(id), ...words, ...required, '[FLAGS]'].join(' ')
}

function flagName({name, char, type, helpValue, options, allowNo}) {
  const value = type === 'option' ? ` ${options ? options.join('\\|') : (helpValue ?? '<value>')}` : ''
  return `${char ? `-${char}, ` : ''}--${allowNo ? '[no-]' : ''}${name}${value}`
}

function flagMeaning(flag, command) {
  const {summary, description, env, default: fallback, multiple, aliases = []} = flag
  const details = [
    multiple && !/repeat/i.test(summary ?? '') ? 'Repeatable.' : '',
    aliases.length > 0 ? `${aliasWord(aliases)}: ${aliases.map((each) => `\`--${each}\``).join(', ')}.` : '',
    env ? `Environment variable: \`${env}\`.` : '',
    typeof fallback === 'string' || typeof fallback === 'number' ? `Default: \`${fallback}\`.` : '',
  ]
  const texts = [summary, summary === description ? '' : description, ...details].filter(Boolean)
  return cell(texts.map((text) => filled(text, command)).join(' '))
}

const aliasWord = (aliases) => (aliases.length === 1 ? 'Alias' : 'Aliases')

/** Shows consecutive lines, which help prints as they are, as a list. */
const asMarkdown = (text) =>
  text
    .split('\n\n')
    .map((paragraph) => (paragraph.includes('\n') ? paragraph.replaceAll(/^/gm, '- ') : paragraph))
    .join('\n\n')

function table(head, rows) {
  return rows.length === 0 ? [] : [`| ${head} | |`, '| --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`), '']
}

function section(command, level) {
  const {id, summary, description, examples = [], aliases, flags, schema, schemaPath} = command
  const own = Object.values(flags)
    .filter(({name, hidden}) => !hidden && !isGlobal(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const lines = examples.flatMap((example) => {
    const {command: line, description: comment} = typeof example === 'string' ? {command: example} : example
    return [...(comment ? [`# ${filled(comment, command)}`] : []), filled(line, command)]
  })
  return [
    `${'#'.repeat(level)} apkg ${nameOf(id)}`,
    '',
    filled(summary, command),
    '',
    '```',
    usage(command).replaceAll('\\|', '|'),
    '```',
    '',
    ...(description ? [asMarkdown(filled(description, command)), ''] : []),
    ...(aliases.length > 0
      ? [`${aliasWord(aliases)}: ${aliases.map((each) => `\`apkg ${nameOf(each)}\``).join(', ')}`, '']
      : []),
    ...table(
      'argument',
      shownArgs(command).map(([name, {description: text, options}]) => [
        `\`${name}\``,
        cell(filled(text ?? '', command)) +
          (options ? ` One of ${options.map((each) => `\`${each}\``).join(', ')}.` : ''),
      ]),
    ),
    ...table(
      'flag',
      own.map((flag) => [`\`${flagName(flag)}\``, flagMeaning(flag, command)]),
    ),
    '```sh',
    ...lines,
    '```',
    '',
    `${'#'.repeat(level + 1)} Output (\`--json\`)`,
    '',
    ...output.lines(schema),
    `Schema: [${schemaPath}](../../${schemaPath})`,
    '',
  ]
}

function pages() {
  const names = [...new Set(commands.map(({id}) => id.split(':')[0]))]
  const written = names.map((name) => {
    const own = commands.filter(({id}) => id === name || id.startsWith(`${name}:`))
    const isTopic = own.length > 1 || own[0].id !== name
    const head = isTopic ? [`# apkg ${name}`, '', ...(topics[name] ? [topics[name].description, ''] : [])] : []
    return [`${name}.md`, [...head, ...own.flatMap((command) => section(command, isTopic ? 2 : 1))]]
  })
  const index = [
    '# Commands',
    '',
    'Reference for all commands, with one page per command or topic. Every command accepts `--json`, `--registry <URL>` and `--offline`, before or after the subcommand. [reference.md](../reference.md) lists exit codes, error codes and environment variables.',
    '',
    "Each page describes the output with `--json`. A field whose name ends with `?` can be absent. A `date-time` is an RFC 3339 time. Ignore fields you don't recognize, because new ones can be added.",
    '',
    ...table(
      'command',
      commands.map((command) => [
        `[apkg ${nameOf(command.id)}](${command.id.split(':')[0]}.md)`,
        cell(filled(command.summary, command)),
      ]),
    ),
  ]
  const extra = [
    ['README.md', index],
    [sharedPage, output.sharedLines()],
  ]
  return new Map([...written, ...extra].map(([name, lines]) => [name, `${lines.join('\n').trim()}\n`]))
}

const wanted = pages()
const present = new Map(filesBelow(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
const stale = [...new Set([...wanted.keys(), ...present.keys()])].filter(
  (name) => wanted.get(name) !== present.get(name),
)
if (process.argv.includes('--check')) {
  if (stale.length > 0) fail(`docs/commands is stale: ${stale.join(', ')}. Run \`npm run docs\` and commit the result.`)
} else {
  mkdirSync(folder, {recursive: true})
  for (const name of stale) {
    if (wanted.has(name)) writeFileSync(join(folder, name), wanted.get(name))
    else rmSync(join(folder, name))
    console.error(`${wanted.has(name) ? 'Wrote' : 'Removed'} docs/commands/${name}`)
  }
}
