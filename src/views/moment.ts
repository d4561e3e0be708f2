import {fromNow, printable} from '@apkg/command-kit'

/** How sentences name a time: `3 days ago` on a terminal, `at 2026-11-23T14:00:00Z` elsewhere. */
export function momentsOn({isTerminal}: {isTerminal: boolean}, now: Date): (time: string) => string {
  const relative = (time: string) => fromNow(time, now).replace(/^now$/, 'just now')
  return isTerminal ? (time) => printable(relative(time)) : (time) => `at ${printable(time)}`
}
