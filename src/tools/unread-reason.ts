/** Why nothing is set up for packages of a type. */
export function unreadReason(type: string): string {
  return `no tool reads packages of type ${type}`
}
