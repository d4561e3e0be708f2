import {readBundles} from './bundles.js'

/**
 * Answers for the kinds of value that the commands name in `static completion`. It imports nothing that it does not need:
 * the time is short. What it throws means that there is nothing to complete.
 *
 * @type {import('@apkg/command-kit').CompletionHook}
 */
export default async function complete({kind, args, cwd}) {
  const bundles = await readBundles(cwd)
  if (kind === 'bundles:name') {
    return Object.entries(bundles).map(([value, packages]) => ({value, description: packages.join(' ')}))
  }
  return bundles[args[0]].map((value) => ({value, description: `in ${args[0]}`}))
}
