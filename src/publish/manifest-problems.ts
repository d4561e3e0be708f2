import {nearestOf, printable} from '@apkg/command-kit'
import {knownTools, packageTypes, publishProblems, toolNamed, type Manifest} from '@apkg/package-format'

/** Returns why a registry would reject a manifest, one printable clause each, with what was probably meant. */
export async function manifestProblems(manifest: Manifest): Promise<string[]> {
  return Promise.all(
    publishProblems(manifest).map(
      async ({field, message}) => `\`${field}\` ${printable(message)}${await suggestion(field, manifest)}`,
    ),
  )
}

async function suggestion(field: string, {type, targets = [], origin}: Manifest): Promise<string> {
  if (field === 'type') return didYouMean([type], packageTypes)
  const tools = field === 'targets' ? targets : field === 'origin' && origin !== undefined ? [origin] : []
  return didYouMean(
    tools.filter((each) => toolNamed(each) === undefined),
    knownTools,
  )
}

async function didYouMean(words: readonly string[], known: readonly string[]): Promise<string> {
  const unknown = words.filter((each) => !known.includes(each))
  const nearest = await Promise.all(unknown.map((each) => nearestOf(each, known)))
  const meant = [...new Set(nearest)].flatMap((each) => (each === undefined ? [] : [`\`${each}\``]))
  return meant.length === 0 ? '' : ` (did you mean ${meant.join(', ')}?)`
}
