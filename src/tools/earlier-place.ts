import type {PlannedFile} from './plan-setup.js'
import type {OwnedFile} from './setup-ledger.js'
import type {SetUpPackage} from './tool.js'

/** The file that apkg wrote for the same purpose as a planned one, but elsewhere; undefined if there is none. */
export function earlierPlace(
  placed: readonly OwnedFile[],
  {path: file}: Pick<PlannedFile, 'path'>,
  {flatName}: Pick<SetUpPackage, 'flatName'>,
): OwnedFile | undefined {
  const purpose = purposeOf(file, flatName)
  return purpose === undefined ? undefined : placed.find((each) => purposeOf(each.path, flatName) === purpose)
}

/** What defines a skill or an agent that is a directory. */
const mains = ['SKILL.md', 'AGENT.md']

/** The definition's name, and the path within its directory if it isn't the definition itself. */
function purposeOf(file: string, flatName: string): string | undefined {
  const segments = file.split('/')
  const isNamed = (segment: string) => [`${flatName}-`, `${flatName}.`].some((prefix) => segment.startsWith(prefix))
  const start = segments.findIndex((segment) => segment === flatName || isNamed(segment))
  const [name, ...within] = segments.slice(start)
  if (start === -1 || name === undefined) return undefined
  const rest = within.join('/')
  if (rest !== '') return mains.includes(rest) ? name : `${name}/${rest}`
  return name.split('.')[0]
}
