import {readFileSync} from 'node:fs'

/**
 * Creates the two `Intl.ListFormat` of `@sindresorhus/is` on first use instead of on load. got uses that package to check
 * its options, and needs them only for rare error messages. The first use of `Intl` in a process loads its data.
 */
export function lazyListFormat() {
  return {
    name: 'lazy-list-format',
    setup({onLoad, onEnd}) {
      let changed = 0
      onLoad({filter: /@sindresorhus[/\\]is[/\\]distribution[/\\]index\.js$/}, ({path}) => ({
        contents: readFileSync(path, 'utf8').replaceAll(
          /^const (\w+)Formatter = (new Intl\.ListFormat\(.*\));$/gm,
          (_, name, creation) => {
            changed++
            return `const ${name}Formatter = {format: (list) => ${creation}.format(list)};`
          },
        ),
      }))
      onEnd(() => {
        if (changed !== 2) throw new Error(`@sindresorhus/is has changed how it creates Intl.ListFormat (${changed} of 2 found)`)
      })
    },
  }
}
