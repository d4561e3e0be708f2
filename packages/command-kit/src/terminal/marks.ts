const check = '\u001B[32m✓\u001B[39m '

/** A line about something that succeeded. Only terminals show the check mark, so elsewhere the line is just the text. */
export function success(text: string): string {
  return check + text
}

export function withoutMarks(text: string): string {
  return text.replaceAll(check, '')
}
