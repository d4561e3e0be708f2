import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {powershellScript} from '../../../../src/machine/completion/scripts/powershell.js'

/** What PowerShell reads as a single quote (about_Quoting_Rules). */
const singleQuotes = "'\u2018\u2019\u201A\u201B"

/** What PowerShell reads as a double quote. */
const doubleQuotes = '"\u201C\u201D\u201E'

/** What ends an argument or is expanded in one, unless it is quoted (about_Special_Characters, about_Parsing). */
const special = new RegExp(`[\\s\\u0085$\`;&|(){}<>,*?[\\]${singleQuotes}${doubleQuotes}]`, 'u')

/** What only the start of an argument changes: arrays, comments, the home directory, dashes of all kinds, numbers. */
const specialAtStart = /^[@#~%\u2013-\u2015\d.+]/u

/** What `cmd.exe` expands, also within single quotes, and the quote that programs on Windows can't get. */
const changedByCmd = /["&|<>^%!]/

/** The conditions of the script: which values it leaves out, and which ones it doesn't quote. */
const [leftOut, unquoted] = [/-match '(.*?)'\)/, /-cmatch '(.*?)'\)/].map((condition) => {
  const [, pattern] = condition.exec(powershellScript) ?? []
  assert.ok(pattern !== undefined)
  return new RegExp(pattern)
}) as [RegExp, RegExp]

/** The word that the script inserts, as `EscapeSingleQuotedStringContent` documents it; undefined if it inserts none. */
function inserted(value: string): string | undefined {
  if (leftOut.test(value)) return undefined
  if (unquoted.test(value)) return value
  return `'${value.replaceAll(new RegExp(`[${singleQuotes}]`, 'gu'), '$&$&')}'`
}

/** The argument that PowerShell passes to a program for a word; undefined if it is more than one, or is expanded. */
function argumentOf(word: string): string | undefined {
  if (!singleQuotes.includes(word.charAt(0))) {
    const isSplit = /^-[^-].*[.:]/.test(word) || special.test(word) || specialAtStart.test(word)
    return isSplit ? undefined : word
  }
  const [, content] =
    new RegExp(`^[${singleQuotes}]((?:[^${singleQuotes}]|[${singleQuotes}]{2})*)[${singleQuotes}]$`, 'u').exec(word) ??
    []
  return content?.replaceAll(new RegExp(`([${singleQuotes}])[${singleQuotes}]`, 'gu'), '$1')
}

describe('completion script of PowerShell', () => {
  const characters = [...'$`;&|(){}[]<>,*?@#~%!^=+-:./\\\'"', ...singleQuotes, ...doubleQuotes]
  const spaces = [' ', '\u0085', '\u00A0', '\u2003', '\u3000', '\u2028']
  const dashes = ['\u2013', '\u2014', '\u2015']
  for (const character of [...characters, ...spaces, ...dashes]) {
    it(`PowerShell: gets a value with ${JSON.stringify(character)} unchanged, or none`, () => {
      for (const value of [`${character}ab`, `a${character}b`, `ab${character}`, `a${character}${character}(gci)`]) {
        const word = inserted(value)
        if (changedByCmd.test(value)) assert.equal(word, undefined, value)
        else assert.equal(argumentOf(word ?? ''), value, `${value}: ${word}`)
      }
    })
  }

  it('PowerShell: gets numbers, flags and names unchanged', () => {
    const plain = ['token', '--scopes=', '--scopes=publish', '-h', 'services.auth', 'read', 'ci']
    const quoted = ['1.10', '0x1F', '1kb', '.5', '+1', '-a.b', '@ada/tool', 'R and D', '--registry=https://a.test:1/x']
    for (const value of [...plain, ...quoted]) assert.equal(argumentOf(inserted(value) ?? ''), value)
    assert.deepEqual(
      plain.filter((value) => inserted(value) !== value),
      ['--scopes=publish'],
    )
    assert.deepEqual(
      quoted.filter((value) => inserted(value) === value),
      [],
    )
  })

  it('PowerShell: the script is ASCII, and has no quote that ends one of its own strings', () => {
    assert.match(powershellScript, /^[\t\n\x20-\x7E]*$/)
    const strings = powershellScript.match(/'[^']*'/g) ?? []
    assert.ok(strings.every((text) => !text.includes('\n')))
  })
})
