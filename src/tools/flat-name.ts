import {createHash} from 'node:crypto'

/** The longest name that a skill may have (Agent Skills specification). */
const longest = 64

/**
 * One path segment for a package, which tools that look for skills in one level of folders find: `@acme/code-review`
 * becomes `acme-code-review`. No two packages share one: where the scope has a hyphen, or a name is not lower case letters,
 * digits and single hyphens, or is too long, eight digits of the name's SHA-256 stand at the end.
 *
 * @param name of a package, `@scope/name`.
 */
export function flatName(name: string): string {
  const [scope = '', bare = ''] = name.slice(1).split('/')
  const plain = `${scope}-${bare}`
  const isPlain = !scope.includes('-') && isSpeltPlainly(bare) && plain.length <= longest
  return isPlain ? plain : withDigest(plain, name)
}

/**
 * Names for the definitions of a package, each one path segment and no other's: the package's flat name alone where there
 * is one definition; else, behind two hyphens, which no flat name has, what the definition's file is called.
 *
 * @param stems names of files without their extension: anything.
 */
export function definitionNames(flatName: string, stems: readonly string[]): string[] {
  if (stems.length === 1) return [flatName]
  const spellings = stems.map((stem) => spell(stem, longest))
  const count = new Map<string, number>()
  for (const spelling of spellings) count.set(spelling, (count.get(spelling) ?? 0) + 1)
  return spellings.map((spelling, position) => {
    const isPlain = isSpeltPlainly(spelling) && count.get(spelling) === 1
    return `${flatName}--${isPlain ? spelling : withDigest(spelling, stems[position] ?? '')}`
  })
}

/**
 * Names for the definitions of a package that are skills of their own, each no other's. In a skill's name no two hyphens
 * stand side by side (Agent Skills specification), so that digits of a hash tell it from the name of a package.
 *
 * @param name of a package, `@scope/name`.
 * @param stems as for `definitionNames`.
 */
export function skillNames(name: string, stems: readonly string[]): string[] {
  return stems.map((stem) => withDigest(`${flatName(name)}-${stem}`, `${name}/${stem}`))
}

function isSpeltPlainly(text: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && !endsLikeADigest.test(text)
}

/** What could be taken for the end of another name. */
const endsLikeADigest = /(^|-)[0-9a-f]{8}$/

function withDigest(text: string, of: string): string {
  const digest = createHash('sha256').update(of).digest('hex').slice(0, 8)
  const spelling = spell(text, longest - digest.length - 1)
  return spelling === '' ? digest : `${spelling}-${digest}`
}

/** A text as lower case letters, digits and single hyphens between them; empty where it has none. */
function spell(text: string, length: number): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, length)
    .replace(/-$/, '')
}
