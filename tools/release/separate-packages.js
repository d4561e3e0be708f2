/** Packages that oclif uses at each start, or that apkg uses itself. */
const shared = new Set(['debug', 'get-package-type', 'supports-color', 'semver'])

/** Marks requests by this plugin itself. */
const resolving = Symbol('resolving')

/**
 * Moves packages that oclif requires only for some of its commands to files in `dist/packages`. esbuild splits at
 * `import()` but not at `require`, so it would put all of them, more code than oclif itself, into the file that every
 * start reads.
 *
 * @returns an esbuild plugin and, after it has run, these packages as entry points for a second build
 */
export function separatePackages() {
  const files = new Map()
  return {
    entryPoints: () => [...files].map(([name, path]) => ({in: path, out: `dist/packages/${name}`})),
    plugin: {
      name: 'separate-packages',
      setup({onResolve, resolve, onEnd}) {
        onResolve({filter: /^[\w-]+$/}, async ({path: name, pluginData, ...request}) => {
          if (request.kind !== 'require-call' || pluginData === resolving || shared.has(name)) return undefined
          if (!/@oclif[/\\]core[/\\]lib[/\\]/.test(request.importer)) return undefined
          const {path, namespace, external} = await resolve(name, {...request, pluginData: resolving})
          if (external || namespace !== 'file') return undefined
          files.set(name, path)
          return {path: `../packages/${name}.js`, external: true}
        })
        onEnd(() => {
          if (files.size < 10) throw new Error(`oclif requires fewer packages than expected (${[...files.keys()].join(', ')})`)
        })
      },
    },
  }
}
