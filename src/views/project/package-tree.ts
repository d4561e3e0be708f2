import {hasUnicode, printable} from '@apkg/command-kit'

import type {ListedPackage, PackageList} from '../../project/listing/list-packages.js'

interface Strokes {
  fork: string
  last: string
  through: string
}

/** A project and its packages as a tree, one per line, each followed by its problems. */
export function packageTree({name, version, dependencies}: PackageList, env: NodeJS.ProcessEnv): string {
  const strokes = hasUnicode(env)
    ? {fork: '├── ', last: '└── ', through: '│   '}
    : {fork: '+-- ', last: '`-- ', through: '|   '}
  return [`${name}@${version}`, ...branches(dependencies, strokes)].map((line) => `${printable(line)}\n`).join('')
}

function branches(packages: readonly ListedPackage[], strokes: Strokes): string[] {
  return packages.flatMap((each, index) => {
    const isLast = index === packages.length - 1
    const indent = isLast ? ' '.repeat(strokes.through.length) : strokes.through
    const below = branches(each.dependencies, strokes).map((line) => indent + line)
    return [(isLast ? strokes.last : strokes.fork) + labelOf(each), ...below]
  })
}

function labelOf(listed: ListedPackage): string {
  const {name, version, deduped, path} = listed
  const notes = deduped ? ['deduped'] : notesOn(listed)
  const target = path === null ? '' : ` → ${path}`
  return `${name}${version === null ? '' : `@${version}`}${target}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
}

function notesOn({range, state, installed, problems}: ListedPackage): string[] {
  // A link doesn't have to be a dependency.
  const isExtraneous = problems.includes('extraneous') && state !== 'linked'
  return [
    ...(isExtraneous ? ['extraneous'] : []),
    ...(problems.includes('unlocked') ? [`not locked: requires ${range ?? ''}`] : []),
    ...(problems.includes('invalid') ? [`invalid: requires ${range ?? ''}`] : []),
    ...(installed === null ? [] : [`${installed} installed`]),
    ...(state === 'missing' && !isExtraneous ? ['missing'] : []),
    ...(state === 'modified' ? ['modified'] : []),
    ...(state === 'unmanaged' ? ['not installed by apkg'] : []),
    ...(state === 'linked' ? ['linked'] : []),
  ]
}
