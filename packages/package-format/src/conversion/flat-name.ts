import {createHash} from 'node:crypto'

/** The maximum length of a skill's name (Agent Skills specification). */
const maxLength = 64

/**
 * One path segment for a package, for tools that look for skills one level deep: `@acme/code-review` becomes
 * `acme-code-review`. It is unique: if the scope, or a name without one, has a hyphen, or the name is too long or not just
 * lower case letters, digits and single hyphens, eight digits of the name's SHA-256 are appended.
 *
 * @param name of a package, `@scope/name` or `name`.
 */
export function flatName(name: string): string {
  const [first = '', bare = first] = name.replace(/^@/, '').split('/')
  const plain = name.includes('/') ? `${first}-${bare}` : bare
  const isPlain = !first.includes('-') && isPlainName(bare) && plain.length <= maxLength
  return isPlain ? plain : withDigest(plain, name)
}

/**
 * Unique names for the definitions of a package, each one path segment: the package's flat name if there is only one
 * definition, else the flat name, two hyphens (which no flat name has) and the name of the definition's file.
 *
 * @param stems file names without extension, unrestricted.
 */
export function definitionNames(flatName: string, stems: readonly string[]): string[] {
  if (stems.length === 1) return [flatName]
  const slugs = stems.map((stem) => slug(stem, maxLength))
  const count = new Map<string, number>()
  for (const each of slugs) count.set(each, (count.get(each) ?? 0) + 1)
  return slugs.map((each, position) => {
    const isPlain = isPlainName(each) && count.get(each) === 1
    return `${flatName}--${isPlain ? each : withDigest(each, stems[position] ?? '')}`
  })
}

/**
 * Unique names for definitions of a package that become separate skills. A skill's name must not have two hyphens in
 * a row (Agent Skills specification), so digits of a hash distinguish it from the name of a package.
 *
 * @param name of a package, `@scope/name`.
 * @param stems as for `definitionNames`.
 */
export function skillNames(name: string, stems: readonly string[]): string[] {
  return stems.map((stem) => withDigest(`${flatName(name)}-${stem}`, `${name}/${stem}`))
}

function isPlainName(text: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && !digestSuffix.test(text)
}

/** A name that ends like this could collide with one that has a digest. */
const digestSuffix = /(^|-)[0-9a-f]{8}$/

function withDigest(text: string, of: string): string {
  const digest = createHash('sha256').update(of).digest('hex').slice(0, 8)
  const prefix = slug(text, maxLength - digest.length - 1)
  return prefix === '' ? digest : `${prefix}-${digest}`
}

/** The lower case letters and digits of a text, separated by single hyphens; may be empty. */
function slug(text: string, length: number): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, length)
    .replace(/-$/, '')
}
