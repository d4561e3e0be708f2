import {failure} from '@apkg/command-kit'
import {parseTime, timeAgo, timeAhead, timeForms, type WrittenTime} from '@apkg/wire'
import {Flags} from '@oclif/core'

type Text = Pick<Parameters<typeof Flags.string>[0] & object, 'summary' | 'description' | 'helpGroup'>

/** Creates a flag whose value is a time. The command resolves durations with `flagTimeAhead` or `flagTimeAgo`. */
export function timeFlag(text: Text) {
  return Flags.custom<WrittenTime>({
    helpValue: '<when>',
    parse: (value) => Promise.resolve(parseFlag(value)),
  })(text)
}

/**
 * The point in time that a flag means if its durations count forward from now.
 *
 * @throws {ApkgError} `USAGE` if it is in the past.
 */
export function flagTimeAhead(flag: string, time: WrittenTime, now: Date): Date {
  const instant = timeAhead(time, now)
  if (instant > now) return instant
  const suggestions = ['use a later date, or a duration such as 30d']
  throw failure('USAGE', {message: `--${flag}: ${instant.toISOString()} is in the past`, suggestions})
}

/**
 * The point in time that a flag means if its durations count back from now.
 *
 * @throws {ApkgError} `USAGE` if it is in the future.
 */
export function flagTimeAgo(flag: string, time: WrittenTime, now: Date): Date {
  const instant = timeAgo(time, now)
  if (instant <= now) return instant
  const suggestions = ['use an earlier date, or a duration such as 30d, which is counted back from now']
  throw failure('USAGE', {message: `--${flag}: ${instant.toISOString()} is in the future`, suggestions})
}

function parseFlag(text: string): WrittenTime {
  const time = parseTime(text)
  if (time) return time
  throw failure('USAGE', {message: `\`${text}\` is not a valid time`, suggestions: [`use ${timeForms}`]})
}
