/** What git, and others, write around the two sides of a conflict. */
export const conflictMarker = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)/m

/** Why a text is not JSON, from what `JSON.parse` threw: with the line, where the engine tells how far it came. */
export function whyNotJson(text: string, error: SyntaxError): string {
  if (conflictMarker.test(text)) return 'it holds the conflict markers of a merge'
  const reason = error.message.replace(/ in JSON at position (\d+).*/s, (_, position: string) => {
    const line = text.slice(0, Number(position)).split('\n').length
    return ` in line ${line}`
  })
  return `it is not JSON: ${reason}`
}
