import {readFileSync} from 'node:fs'

/** `const plugin_1 = require("./plugin");` of TypeScript, `var import_node_fs = __toESM(require("node:fs"));` of esbuild. */
const required = /^(?:const|var) (\w+_\d+|import_\w+) = ((?:__\w+\()?require\("[^"]+"\)(?:, 1)?\)?);$/gm

/**
 * A CommonJS module that a compiler made of an ES module, changed to require each module when it first uses something of
 * it. What nothing is used of is required for its effects, and at once.
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
 * oclif requires all that it is made of, and all that it depends on, before it looks at what is asked. What its index
 * requires stays: `command.js` listens to stdout, which `main` takes from it once oclif is loaded.
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
        if (changed < 50) throw new Error(`oclif requires its modules in another way (in all but ${changed} of its files)`)
      })
    },
  }
}
