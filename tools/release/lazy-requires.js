import {readFileSync} from 'node:fs'

/** `const plugin_1 = require("./plugin");` by TypeScript, `var import_node_fs = __toESM(require("node:fs"));` by esbuild. */
const required = /^(?:const|var) (\w+_\d+|import_\w+) = ((?:__\w+\()?require\("[^"]+"\)(?:, 1)?\)?);$/gm

/**
 * Changes a CommonJS module that was compiled from an ES module to require each module on first use. A module that is
 * never used is required immediately, for its side effects.
 */
export function requireLazily(text) {
  const used = ({1: name}) => text.includes(`${name}.`)
  const names = [...text.matchAll(required)].filter(used).map(([, name]) => name)
  if (names.length === 0) return text
  return text
    .replaceAll(required, (all, name, value) =>
      names.includes(name) ? `let ${name}_made; const ${name} = () => (${name}_made ??= ${value});` : all,
    )
    .replaceAll(new RegExp(String.raw`\b(${names.join('|')})\.`, 'g'), '($1()).')
}

/**
 * Makes oclif require its modules and dependencies on first use, instead of all of them at the start. Its index is
 * unchanged: `command.js` adds a listener to stdout, which `main` removes once oclif is loaded.
 */
export function lazyOclif() {
  return {
    name: 'lazy-oclif',
    setup({onLoad, onEnd}) {
      let changed = 0
      onLoad({filter: /@oclif[/\\]core[/\\]lib[/\\].*\.js$/}, ({path}) => {
        if (/lib[/\\]index\.js$/.test(path)) return undefined
        const text = readFileSync(path, 'utf8')
        const contents = requireLazily(text)
        if (contents !== text) changed++
        return {contents}
      })
      onEnd(() => {
        if (changed < 50) throw new Error(`oclif has changed how it requires its modules (only ${changed} files match)`)
      })
    },
  }
}
