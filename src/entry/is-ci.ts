/** Whether the command runs in CI, where apkg never prompts. */
export function isCi({CI}: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false'
}
