import {readBundles} from './bundles.js'

/**
 * Completes the kinds of values that commands name in `static completion`. It imports as little as possible, because it
 * has only 150 ms. If it throws, nothing is completed.
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
