import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {basename, dirname} from 'node:path'
import {describe, it} from 'node:test'

import {defineFailures, exitCodes, sharedFailures, type Failure, type FailureRows} from '@apkg/command-kit'
import {deliveryFailures} from '@apkg/command-kit/delivery'
import {failures as registryFailures} from '@apkg/plugin-registry/dist/operator/failures.js'

import {failures as account} from '../../src/account/failures.js'
import {failures as catalog} from '../../src/catalog/failures.js'
import {failures as entry} from '../../src/entry/failures.js'
import {failures as plugins} from '../../src/entry/plugins/failures.js'
import {failures as machine} from '../../src/machine/failures.js'
import {failures as project} from '../../src/project/failures.js'
import {failures as publish} from '../../src/publish/failures.js'
import {failures as trust} from '../../src/trust/failures.js'

const root = new URL('../..', import.meta.url)

const areas = {account, catalog, entry, 'entry/plugins': plugins, machine, project, publish, trust}
const kit = {...sharedFailures, ...deliveryFailures}
const tables: FailureRows[] = Object.values(areas)
const rows = {
  ...{...kit, ...registryFailures},
  ...{...account, ...catalog, ...entry, ...plugins, ...machine, ...project, ...publish, ...trust},
}

type Rows = typeof rows
type FactsOf<Describe> = Describe extends (facts: infer Facts) => Failure ? Facts : never
type RequiredNames<Facts> = {[Name in keyof Facts]-?: object extends Pick<Facts, Name> ? never : Name}[keyof Facts]
type RequiredFacts<Facts> = Facts extends unknown ? Pick<Facts, RequiredNames<Facts>> : never
type Intersected<Union> = (Union extends unknown ? (each: Union) => void : never) extends (each: infer All) => void
  ? All
  : never
type AllFacts = Intersected<{[Code in keyof Rows]: RequiredFacts<FactsOf<Rows[Code]>>}[keyof Rows]>

const sampleFlags = (flag: boolean) => ({
  ...{isAbsent: flag, isEmpty: flag, isFrozen: flag},
  ...{isDropped: flag, isEnded: flag, isRead: flag},
})

/** A value for every fact that some failure requires, and none for optional ones. Doesn't compile if one is missing. */
const sampleFacts: Omit<AllFacts, 'suggestions' | keyof ReturnType<typeof sampleFlags>> = {
  action: 'install',
  oldValue: 'works',
  limit: '90d',
  value: '1y',
  run: 'apkg token create --password-stdin',
  changes: [' M apkg.json'],
  ...{actual: 'sha256-b', at: '2027-01-31', before: 'k-0', by: 'author', cert: 'tls.crt'},
  ...{
    check: 'apkg info @acme/a',
    command: 'token list',
    commit: 'a1b2c3d',
    differences: ['the label'],
    exit: 1,
    expected: 'locked',
  },
  ...{
    candidates: ['ci (a1)'],
    file: 'a.json',
    folder: '/project',
    database: 'postgres://apkg@db.example.com/apkg',
    given: 'k',
    home: '.',
    host: '::',
    id: 'a1',
    ids: ['a1'],
  },
  ...{
    issues: 'https://issues.example.com',
    key: 'registry',
    keyId: 'k-1',
    kind: 'quoted',
    known: ['registry'],
    label: 'ci',
    line: 1,
  },
  ...{log: 'apkg token log ci', rotate: 'apkg token rotate ci'},
  ...{list: 'apkg key list', listed: 'sha256-b', locked: 'sha256-a', message: 'No', missing: 'No label was given'},
  ...{name: '@acme/a', organization: 'acme', origin: '--registry', overwrite: '--force', path: '/project/a.json'},
  ...{pinned: 'https://b.example.com', place: 'on this machine', plugin: 'bundles', port: 80, problem: 'is odd'},
  program: 'gh',
  ...{problems: ['it is odd'], purpose: 'list API tokens', range: '^1', ranges: ['^1'], reason: 'it is odd'},
  ...{
    registry: 'https://a.example.com',
    blobs: 's3://bucket/prefix',
    requirement: '@acme/b needs it',
    requirements: ['@acme/b needs ^1'],
    returned: 'k-2',
  },
  ...{
    alternatives: ['@acme/c'],
    requested: ['@acme/b'],
    route: 'https://b.example.com',
    proposed: {'@acme': 'https://b.example.com'},
    revoke: 'apkg token revoke ci',
    scope: '@acme',
  },
  ...{
    seconds: 5,
    secrets: ['a.txt:1'],
    selector: 'ci',
    selectors: ['ci'],
    services: ['services.token'],
    signed: '1.0.1',
  },
  id: 'id',
  state: 'revoked',
  ...{source: 'APKG_TOKEN', spec: '@acme', status: 'revoked', supply: 'pass --label', tag: 'next'},
  ...{target: 'https://c.example.com', types: ['skill'], url: 'https://a.example.com', user: 'ada', variable: 'X'},
  ...{version: '@acme/a@1.0.0', versions: ['@acme/a@1.0.0'], what: 'a token'},
}

/** Values for facts that only one failure requires, or that are lists that can be empty. */
const samplesByCode: Record<string, Record<string, unknown> | undefined> = {
  DEPENDENCY_CONFLICT: {alternatives: [], ranges: [], requested: []},
  REGISTRY_DATA_UNUSABLE: {suggestions: ['use another directory']},
  REGISTRY_DATABASE_UNUSABLE: {suggestions: ['use another database']},
}

function hasHint(describe: (facts: never) => Failure, facts: unknown): boolean {
  const {suggestions = []} = describe(facts as never)
  return suggestions.length > 0 && suggestions.every((each) => each.trim() !== '' && !each.includes('undefined'))
}

/** Failures that no command fixes, because something outside apkg has to change first, or the user decides. */
const withoutRemedy: readonly string[] = [
  ...['INTERRUPTED', 'USAGE', 'OUTPUT_FAILED', 'STDIN_SILENT', 'STORE_LOCKED'],
  ...['REGISTRY_INVALID', 'RATE_LIMITED', 'SERVER_FAILED', 'UNREACHABLE', 'REQUEST_FAILED'],
  ...['ID_TOKEN_REPLAYED', 'ID_TOKEN_UNUSABLE'],
  ...['TOKEN_WIDER', 'ROTATION_WIDER', 'PUBLISHER_WIDER', 'KEY_MISMATCH'],
  ...['TOKEN_AMBIGUOUS', 'SESSION_AMBIGUOUS', 'KEY_AMBIGUOUS'],
]

/** Whether a hint names a command, a flag or a variable. */
function namesRemedy(describe: (facts: never) => Failure, facts: unknown): boolean {
  const {suggestions = []} = describe(facts as never)
  return suggestions.some((each) => /`[^`]+`|--[a-z]|\bAPKG_[A-Z]|\b(?:un)?set [A-Z]+\b|\bDEBUG=/.test(each))
}

/** The codes in the first column of the tables in a section. */
async function documentedCodes(page: string, title: string): Promise<string[]> {
  const text = await readFile(new URL(page, root), 'utf8')
  const [, section = ''] = new RegExp(`^## ${title}\n([^]*?)(?=^## |(?![^]))`, 'm').exec(text) ?? []
  const firstCells = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell)
  const codes = firstCells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code))
  return [...new Set(codes)].sort()
}

describe('failures', () => {
  it('failures: every code is defined once, by the kit, an area or the registry plugin', () => {
    const codes = [sharedFailures, deliveryFailures, registryFailures, ...tables].flatMap((table) => Object.keys(table))
    assert.deepEqual(
      codes.filter((code, at) => codes.indexOf(code) !== at),
      [],
    )
    for (const code of codes) assert.match(code, /^[A-Z]+(_[A-Z]+)*$/)
  })

  it('failures: the test covers the table of every area', async () => {
    const files = await readdir(new URL('src', root), {recursive: true})
    const found = files.filter((file) => basename(file) === 'failures.ts').map((file) => dirname(file))
    assert.deepEqual(found.sort(), Object.keys(areas))
  })

  it('failures: exactly the codes of the CLI are documented in reference.md, and those of the registry in operate.md', async () => {
    const codes = [sharedFailures, deliveryFailures, ...tables].flatMap((table) => Object.keys(table))
    assert.deepEqual(await documentedCodes('docs/reference.md', 'Error codes'), codes.sort())
    assert.deepEqual(
      await documentedCodes('docs/registry/operate.md', 'Exit codes and errors'),
      Object.keys(registryFailures).sort(),
    )
  })

  it('failures: every exit code is documented', async () => {
    const reference = await readFile(new URL('docs/reference.md', root), 'utf8')
    for (const code of Object.values(exitCodes)) assert.match(reference, new RegExp(`^\\| ${code} \\|`, 'm'))
  })

  it('failures: every failure has a hint, whatever optional facts are missing', () => {
    const withoutHints = Object.entries(rows).flatMap(([code, describe]) =>
      [true, false].some((flag) => !hasHint(describe, {...sampleFacts, ...sampleFlags(flag), ...samplesByCode[code]}))
        ? [code]
        : [],
    )
    // An interruption is the user's own decision, and `reportError` adds a hint to a usage error.
    assert.deepEqual(withoutHints.sort(), ['INTERRUPTED', 'USAGE'])
  })

  it('failures: those of the kit and of accounts name the command, flag or variable that fixes them', () => {
    const without = Object.entries({...kit, ...account}).flatMap(([code, describe]) =>
      [true, false].some((flag) => !namesRemedy(describe, {...sampleFacts, ...sampleFlags(flag)})) ? [code] : [],
    )
    assert.deepEqual(without.sort(), [...withoutRemedy].sort())
  })

  it('failures: a table cannot redefine a code of the kit', () => {
    const rows = {AUTH_REQUIRED: () => ({exit: exitCodes.failed, message: 'Something else'})}
    assert.throws(() => defineFailures(rows), /AUTH_REQUIRED is already defined/)
  })
})
