import {readFileSync} from 'node:fs'

/** What help does to each text, and where what is needless for most begins. */
const changes = [
  {
    of: /[/\\]ejs[/\\]lib[/\\].*ejs\.js$/,
    from: 'ejs.render = function (template, d, o) {',
    to: (text) => `${text}\n  if (typeof template === 'string' && !template.includes('<%')) return template;`,
  },
  {
    of: /[/\\]string-width[/\\]index\.js$/,
    from: "string = string.replace(emojiRegex(), '  ');",
    to: (text) => String.raw`if (/[^\0-\x7F]/.test(string)) ${text}`,
  },
]

/**
 * Help compiles each text as a template of ejs, and measures each word of it by a regular expression of all emoji, which
 * is made anew each time. A text without a tag is what its template renders, and no emoji is made of ASCII only.
 */
export function plainHelp() {
  return {
    name: 'plain-help',
    setup({onLoad, onEnd}) {
      const changed = new Set()
      for (const {of, from, to} of changes) {
        onLoad({filter: of}, ({path}) => {
          const text = readFileSync(path, 'utf8')
          if (text.includes(from)) changed.add(of)
          return {contents: text.replace(from, () => to(from))}
        })
      }
      onEnd(() => {
        const left = changes.filter(({of}) => !changed.has(of))
        if (left.length > 0) throw new Error(`help is made in another way (${left.map(({of}) => of).join(', ')})`)
      })
    },
  }
}
