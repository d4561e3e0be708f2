/** What oclif's parser makes of the message of an error that the validation of a flag threw. */
const framedMessage = /^Parsing (--\S+) \n\t(.*)\nSee more help with --help$/s

/** Whether the validation of a flag threw an error: it rejects the value, even if the error isn't one of oclif or the kit. */
export function isFlagError({message}: Error): boolean {
  return framedMessage.test(message)
}

/** Removes what oclif's parser adds to a message. The name of the flag precedes it, unless the message contains it. */
export function withoutFraming(message: string): string {
  const [, flag, problem] = framedMessage.exec(message) ?? []
  if (flag === undefined || problem === undefined) return message.replace(/(?<!\n)\n+See more help with --help$/, '')
  return words(problem).includes(flag) ? problem : `${flag}: ${problem}`
}

function words(text: string): string[] {
  return text.split(/[\s`'"=,;:()]+/)
}
